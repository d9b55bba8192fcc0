package io.opsrelay.agent.order;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Orders over HTTP: clients without an order system that answers load theirs here. */
@RestController
@RequestMapping("/api/v1/agent/orders")
class OrderController {

    private static final int MOST = 1_000;

    private final StoredOrders stored;
    private final Orders orders;
    private final JsonMapper json;
    private final Clock clock;

    OrderController(StoredOrders stored, Orders orders, JsonMapper json, Clock clock) {
        this.stored = stored;
        this.orders = orders;
        this.json = json;
        this.clock = clock;
    }

    @PutMapping
    @RequiresRole({Role.ADMIN, Role.INGEST})
    Loaded put(Caller caller, @RequestBody @DescribedAs(Order[].class) JsonNode body) {
        if (!body.isArray() || body.isEmpty() || body.size() > MOST) {
            throw ProblemException.badRequest("body", "must be an array of 1 to " + MOST + " orders");
        }
        List<Order> read = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < body.size(); i++) {
            Order order = read(body.get(i), i);
            if (!ids.add(order.orderId())) {
                throw ProblemException.badRequest("[" + i + "].order_id", "stands in this request twice");
            }
            read.add(order);
        }
        stored.put(caller.clientId(), read, clock.instant());
        return new Loaded(read.size());
    }

    private Order read(JsonNode node, int index) {
        try {
            return json.treeToValue(node, Order.class);
        } catch (DatabindException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InvalidOrderException invalid) {
                    throw ProblemException.badRequest(
                            "[" + index + "]." + invalid.field(), String.valueOf(invalid.getMessage()));
                }
            }
            throw ProblemException.badRequest("[" + index + "]", e.getOriginalMessage());
        }
    }

    @GetMapping("/{id}")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    Order one(Caller caller, @PathVariable String id) {
        try {
            return orders.find(caller.clientId(), id).orElseThrow(() -> ProblemException.notFound("order", id));
        } catch (OrdersUnavailableException e) {
            throw ProblemException.unavailable(String.valueOf(e.getMessage()));
        }
    }

    @DeleteMapping("/{id}")
    @RequiresRole(Role.ADMIN)
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(Caller caller, @PathVariable String id) {
        if (!stored.remove(caller.clientId(), id)) {
            throw ProblemException.notFound("order", id);
        }
    }

    /** How many orders were taken. */
    record Loaded(int orders) {}
}
