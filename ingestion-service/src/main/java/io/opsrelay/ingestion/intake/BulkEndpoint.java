package io.opsrelay.ingestion.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.context.Context;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any number of tickets by REST, a JSON object a line. Each line has its answer, in order, written while the request is
 * still being read.
 */
@RestController
@EnableConfigurationProperties(BulkProperties.class)
class BulkEndpoint {

    private static final long MOST_LINES = 1_000_000_000_000L;

    private final Tickets tickets;
    private final BulkProperties limits;
    private final JsonMapper json;
    private final MeterRegistry meters;
    private final Semaphore places;

    BulkEndpoint(Tickets tickets, BulkProperties limits, JsonMapper json, ObjectProvider<MeterRegistry> meters) {
        this.tickets = tickets;
        this.limits = limits;
        this.json = json;
        this.meters = meters.getIfAvailable(SimpleMeterRegistry::new);
        this.places = new Semaphore(limits.atOnce());
    }

    /**
     * @param key names the lines that have no external id, together with their numbers
     * @param firstLine number of the first line that is sent: greater than 1 where a request goes on that broke off
     */
    @PostMapping(path = "/api/v1/tickets/bulk", consumes = MediaType.APPLICATION_NDJSON_VALUE)
    @RequiresRole({Role.AGENT, Role.ADMIN, Role.INGEST})
    void bulk(
            Caller caller,
            @RequestHeader(name = IdempotencyKey.HEADER, required = false) @Nullable String key,
            @RequestParam(name = "first_line", defaultValue = "1") @DescribedAs(Long.class) String firstLine,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException, InterruptedException {
        long first = numberOf(firstLine);
        int maxLine = (int) limits.maxLine().toBytes();
        BulkParser parser = new BulkParser(json, caller.asActor(), IdempotencyKey.checked(key), maxLine);
        String clientId = caller.clientId();
        if (!places.tryAcquire()) {
            throw ProblemException.unavailable(
                    "as many bulk requests as there may be are under way; nothing was changed, try again");
        }
        try {
            response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
            BulkBuffer buffer = new BulkBuffer(limits.batch(), limits.linger());
            BulkStoring storing =
                    new BulkStoring(clientId, tickets, buffer, response.getOutputStream(), json, first, this::count);
            Thread storer = Thread.ofVirtual().start(Context.current().wrap(storing));
            @Nullable IOException unread = null;
            try {
                unread = read(new BulkLines(request.getInputStream(), maxLine, first), parser, buffer);
            } finally {
                buffer.end();
                // The answer is the container's as soon as this returns.
                storer.join();
            }
            storing.finish(unread);
        } finally {
            places.release();
        }
    }

    private static long numberOf(String line) {
        try {
            long number = Long.parseLong(line);
            if (number >= 1 && number <= MOST_LINES) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw ProblemException.badRequest("first_line", "must be a number from 1 to " + MOST_LINES);
    }

    /** Reads all lines; what kept it from that, if something did. */
    private static @Nullable IOException read(BulkLines lines, BulkParser parser, BulkBuffer buffer)
            throws InterruptedException {
        try {
            for (BulkLines.Line line = lines.next(); line != null; line = lines.next()) {
                if (!buffer.put(parser.parse(line))) {
                    return null;
                }
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void count(BulkLine.Answer answer) {
        Counter.builder(IntakeMetric.BULK_LINES.id())
                .baseUnit(IntakeMetric.BULK_LINES.unit())
                .tag("status", answer.status())
                .register(meters)
                .increment();
    }
}
