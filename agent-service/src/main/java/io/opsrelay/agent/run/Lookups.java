package io.opsrelay.agent.run;

import io.opsrelay.agent.knowledge.Meaning;
import io.opsrelay.agent.model.Answer;
import io.opsrelay.agent.order.Orders;
import io.opsrelay.agent.owntool.OwnTools;
import io.opsrelay.agent.owntool.Told;
import io.opsrelay.agent.tool.Call;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.agent.tool.Toolbox;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/**
 * Asks elsewhere what an answer of a model wants to know: side by side, within a time for all, while no transaction is
 * open.
 */
@Component
class Lookups {

    /** Most characters that a model is told of one answer. */
    private static final int LONGEST_TOLD = 16 * 1024;

    private final Orders orders;
    private final OwnTools ownTools;
    private final LocalEngine engine;

    Lookups(Orders orders, OwnTools ownTools, LocalEngine engine) {
        this.orders = orders;
        this.ownTools = ownTools;
        this.engine = engine;
    }

    /**
     * The tools that a run may use. May ask other systems what they have.
     *
     * @param idle those that nobody would carry out
     */
    Toolbox toolbox(Run run, Set<Tool> idle) {
        Dialogue dialogue = run.conversation();
        boolean verified = run.ticket().customer().verified();
        Set<Tool> builtIn = new HashSet<>(dialogue.offered(verified));
        builtIn.removeAll(idle);
        return new Toolbox(
                builtIn,
                dialogue.mayUseOwnTools() ? ownTools.of(run.clientId(), verified, dialogue::mayUse) : List.of());
    }

    /** Asks for all that the answer wants to know. */
    Looked lookUp(Run run, Toolbox offered, Answer answer) {
        List<Call> all = answer.message().toolExecutionRequests().stream()
                .limit(Turn.MOST_CALLS)
                .map(offered::read)
                .toList();
        Map<String, Meaning> meanings = engine.meaningsOf(
                run.clientId(),
                all.stream()
                        .filter(Call.Search.class::isInstance)
                        .map(call -> ((Call.Search) call).query())
                        .toList());
        List<Call> calls = all.stream()
                .filter(call -> call instanceof Call.OrderStatus || call instanceof Call.Ask)
                .distinct()
                .toList();
        Map<String, Told> ordersTold = new HashMap<>();
        Map<Call.Ask, Told> told = new LinkedHashMap<>();
        sideBySide(run, calls).forEach((call, found) -> {
            switch (call) {
                case Call.OrderStatus order -> ordersTold.put(order.orderId(), found);
                case Call.Ask ask -> told.put(ask, found);
                default -> {}
            }
        });
        return new Looked(ordersTold, told, meanings);
    }

    private Map<Call, Told> sideBySide(Run run, List<Call> calls) {
        Map<Call, Told> found = new LinkedHashMap<>();
        if (calls.isEmpty()) {
            return found;
        }
        List<Callable<Told>> tasks = calls.stream()
                .map(call -> (Callable<Told>) () -> asked(run, call))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Told>> futures =
                    threads.invokeAll(tasks, ownTools.together().toMillis(), TimeUnit.MILLISECONDS);
            for (int i = 0; i < futures.size(); i++) {
                found.put(calls.get(i), outcome(futures.get(i)));
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
    }

    private Told asked(Run run, Call call) {
        return switch (call) {
            case Call.Ask ask -> ownTools.ask(run.clientId(), run.ticket(), ask);
            case Call.OrderStatus order -> {
                long began = System.nanoTime();
                String text = orders.told(
                        run.clientId(), order.orderId(), run.ticket().customer());
                yield new Told(Told.Kind.ANSWER, "ok", text, (System.nanoTime() - began) / 1_000_000);
            }
            default -> throw new IllegalArgumentException("nothing to look up: " + call);
        };
    }

    private Told outcome(Future<Told> future) {
        return switch (future.state()) {
            case SUCCESS -> future.resultNow();
            case FAILED -> throw new IllegalStateException(future.exceptionNow());
            case CANCELLED, RUNNING -> {
                long limit = ownTools.together().toMillis();
                yield new Told(Told.Kind.FAILED, "timed out", "there was no answer within " + limit + " ms", limit);
            }
        };
    }

    private static String clipped(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = most;
        while (end > most / 2 && !Character.isWhitespace(text.charAt(end))) {
            end--;
        }
        return text.substring(0, end) + "\n[the rest, " + (text.length() - end) + " characters, was cut off]";
    }

    /**
     * What was found, as it was said.
     *
     * @param orders what was told of them, by their ids
     * @param told by what was asked
     * @param meanings of what the answer wants to search for
     */
    record Looked(Map<String, Told> orders, Map<Call.Ask, Told> told, Map<String, Meaning> meanings) {

        Looked {
            orders = Map.copyOf(orders);
            told = new LinkedHashMap<>(told);
            meanings = Map.copyOf(meanings);
        }

        /** Without personal data. What a tool complains of is ours, and stays. In the run's transaction. */
        Looked redacted(Supplier<Discretion.Listening> discretion) {
            if (orders.isEmpty() && told.isEmpty()) {
                return this;
            }
            Discretion.Listening listening = discretion.get();
            Map<String, Told> cleanOrders = new HashMap<>();
            orders.forEach(
                    (order, told) -> cleanOrders.put(order, told.with(listening.text(told.text(), Set.of(order)))));
            Map<Call.Ask, Told> cleanTold = new LinkedHashMap<>();
            told.forEach((ask, answer) -> cleanTold.put(
                    ask,
                    answer.kind() == Told.Kind.FAILED
                            ? answer
                            : answer.with(clipped(
                                    // The first cut may split a value; the second takes that off.
                                    listening.text(clipped(answer.text(), 2 * LONGEST_TOLD), Set.of()),
                                    LONGEST_TOLD))));
            listening.keep();
            return new Looked(cleanOrders, cleanTold, meanings);
        }

        Meaning meaningOf(Call.Search search) {
            return meanings.getOrDefault(search.query(), Meaning.none());
        }

        Told of(Call.OrderStatus order) {
            return orders.getOrDefault(
                    order.orderId(), new Told(Told.Kind.FAILED, "not asked", "orders cannot be looked up now", 0));
        }

        /** What the tool said, also where the model asked in the same words twice. */
        Told of(Call.Ask ask) {
            Told found = told.get(ask);
            return found == null ? new Told(Told.Kind.FAILED, "not asked", "it was not asked", 0) : found;
        }
    }
}
