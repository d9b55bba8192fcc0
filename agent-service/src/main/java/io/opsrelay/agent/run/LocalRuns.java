package io.opsrelay.agent.run;

import io.opsrelay.agent.classify.Understanding;
import io.opsrelay.agent.draft.Form;
import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.draft.Voice;
import io.opsrelay.agent.knowledge.Meaning;
import io.opsrelay.agent.offer.OfferedActions;
import io.opsrelay.agent.order.Orders;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.run.LocalEngine.Draft;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.run.RunState.Step;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.agent.workflow.Workflow;
import io.opsrelay.contracts.RunEvent.Outcome;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Decides and does what the local engine makes of a classified ticket. In the transaction that changes the run. */
@Component
class LocalRuns {

    private static final int LONGEST_TITLE = 120;
    private static final int LONGEST_DESCRIPTION = 4_000;

    private final RunStore store;
    private final Announcements announcements;
    private final LocalEngine engine;
    private final OfferedActions offered;
    private final Clock clock;

    LocalRuns(RunStore store, Announcements announcements, LocalEngine engine, OfferedActions offered, Clock clock) {
        this.store = store;
        this.announcements = announcements;
        this.engine = engine;
        this.offered = offered;
        this.clock = clock;
    }

    /**
     * Plans what to do, by the client's settings.
     *
     * @param meaning of the ticket
     * @param order what came of looking up the order that it asks about, if it does
     */
    Plan plan(
            Run run,
            Understanding known,
            Meaning meaning,
            Orders.@Nullable Found order,
            Workflow workflow,
            @Nullable Assigned employee) {
        String own = run.facts().ownLabel();
        String read = run.facts().read();
        String found = own == null ? known.found().intent().code() : own;
        // What a model reads can bring a ticket to a person, and not keep it from one.
        for (String category : read == null ? List.of(found) : List.of(read, found)) {
            Workflow.Route route = workflow.routeOf(category);
            if (route != null && route.to() == Workflow.Destination.PERSON) {
                return new Plan.HandOver("the workflow gives " + category + " to a person", true);
            }
        }
        Plan plan = engine.plan(run.ticket(), known, meaning, order, workflow.thresholds());
        Tool tool = plan.tool();
        if (tool != null && !workflow.allows(tool.code())) {
            return new Plan.HandOver("the workflow does not have " + tool.code());
        }
        if (tool != null && offered.idleTools().contains(tool)) {
            return new Plan.HandOver("nothing is set up here that could carry out " + tool.code());
        }
        if (plan instanceof Plan.ProposeRefund refund && isActedOn(run, refund.orderId())) {
            return new Plan.HandOver("another run of this ticket acted on order " + refund.orderId());
        }
        // An AI employee that may not use a tool leaves the matter to a person; what only informs is everybody's.
        return tool != null && tool.acts() && employee != null && !employee.mayUse(tool.code())
                ? new Plan.HandOver(employee.name() + " may not use " + tool.code())
                : plan;
    }

    /** A ticket that comes again must not have its money moved again: whether that is right a person decides. */
    private boolean isActedOn(Run run, String orderId) {
        return run.earlier() != null && store.ordersOfOtherRuns(run).contains(orderId.toLowerCase(Locale.ROOT));
    }

    /** Says and does what the plan says, and stores the run. */
    void carryOut(Run run, Understanding known, Plan plan, @Nullable Assigned employee) {
        Optional<Draft> draft = engine.draft(
                plan,
                new Voice(
                        known.replyLanguage(),
                        toneOf(employee),
                        Form.of(run.ticket().channel())));
        draft.ifPresent(reply -> announcements.say(run, reply));
        String orderId = plan instanceof Plan.ProposeRefund refund ? refund.orderId() : null;
        RunState next = doIt(run, known, plan, draft, employee);
        store.update(run.with(
                run.state().after(stepTo(next)).orElseThrow(),
                run.facts().about(orderId),
                null,
                clock.instant(),
                new StepTaken(clock.instant(), "planned", plan.inWords())));
    }

    private RunState doIt(Run run, Understanding known, Plan plan, Optional<Draft> draft, @Nullable Assigned employee) {
        return switch (plan) {
            case Plan.ProposeRefund refund -> parked(run, "refund", Map.of("order_id", refund.orderId()), employee);
            case Plan.ProposePasswordReset reset -> parked(run, "password_reset", Map.of(), employee);
            case Plan.ProposeBugReport report -> parked(run, "bug_report", reportOf(known), employee);
            case Plan.AskForOrder ask -> announcements.finish(run, Outcome.ESCALATED, draft, ask.reason());
            case Plan.TellOrder tell -> announcements.finish(run, Outcome.RESOLVED, draft, null);
            case Plan.Answer answer -> announcements.finish(run, Outcome.RESOLVED, draft, null);
            case Plan.Thank thank -> announcements.finish(run, Outcome.RESOLVED, draft, null);
            case Plan.Ignore ignore -> announcements.finish(run, Outcome.RESOLVED, draft, null);
            case Plan.HandOver handOver -> announcements.finish(run, Outcome.ESCALATED, draft, handOver.reason());
        };
    }

    private RunState parked(Run run, String actionType, Map<String, Object> arguments, @Nullable Assigned employee) {
        UUID actionId = announcements.propose(run, actionType, arguments, employee);
        return announcements.park(run, actionId, List.of(actionType));
    }

    /** In the customer's words, without what was taken out of them: what stands in a tracker stays there. */
    private static Map<String, Object> reportOf(Understanding known) {
        String text = known.redacted().text().strip();
        int end = text.indexOf('\n');
        String title = (end < 0 ? text : text.substring(0, end)).strip();
        String description = end < 0 ? "" : text.substring(end).strip();
        return Map.of(
                "title",
                title.isEmpty() ? "A customer reports a bug" : clipped(title, LONGEST_TITLE),
                "description",
                description.isEmpty() ? "(nothing but the title)" : clipped(description, LONGEST_DESCRIPTION),
                "priority",
                known.found().priority().code());
    }

    private static String clipped(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    static Tone toneOf(@Nullable Assigned employee) {
        return employee == null ? Tone.FRIENDLY : employee.tone();
    }

    static Step stepTo(RunState next) {
        return switch (next) {
            case RunState.Parked parked -> new Step.Park(parked.actionId());
            case RunState.Finished finished -> new Step.Finish(finished.outcome());
            case RunState.Queued queued -> throw new IllegalStateException("a run is not queued again");
            case RunState.Working working -> new Step.Begin();
        };
    }
}
