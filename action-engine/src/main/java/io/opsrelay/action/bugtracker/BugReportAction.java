package io.opsrelay.action.bugtracker;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Preparation.Refused;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.remote.Binding;
import io.opsrelay.action.remote.RemoteCalls;
import io.opsrelay.contracts.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tells a client's developers of a bug. */
@Component
class BugReportAction implements ActionKind {

    private static final Traits TRAITS = new Traits(
            "technical",
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of(
                            "title", Map.of("type", "string", "maxLength", BugReport.LONGEST_TITLE),
                            "description", Map.of("type", "string", "maxLength", BugReport.LONGEST_DESCRIPTION),
                            "priority", Map.of("type", "string", "enum", BugReport.PRIORITIES)),
                    "required",
                    List.of("title", "description"),
                    "additionalProperties",
                    false),
            "low",
            false,
            "Files a report of a bug with the developers");

    private final BugTrackers trackers;
    private final RemoteCalls calls;

    BugReportAction(BugTrackers trackers, RemoteCalls calls) {
        this.trackers = trackers;
        this.calls = calls;
    }

    @Override
    public String type() {
        return "bug_report";
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public List<String> providers() {
        return trackers.names();
    }

    @Override
    public boolean serves(String clientId) {
        return trackers.of(clientId).isPresent();
    }

    @Override
    public boolean accepting(String clientId) {
        return true;
    }

    /** No target: reports do not disturb each other. */
    @Override
    public Preparation prepare(Proposal proposal) {
        BugTracker tracker = trackers.of(proposal.clientId()).orElse(null);
        if (tracker == null) {
            return new Refused("no_provider", "no tracker for bug reports is configured for this client");
        }
        try {
            BugReport report = BugReport.from(Binding.unbound(proposal.arguments()), proposal.customer());
            return new Preparation.Ready(
                    tracker.name(),
                    Binding.bind(report.arguments(), tracker.name(), tracker.place()),
                    // Lists show it, so it quotes nobody.
                    new Effect(
                            "File a bug report of priority %s in %s".formatted(report.priority(), tracker.place()),
                            null,
                            Map.of("tracker", tracker.name(), "place", tracker.place(), "priority", report.priority())),
                    null,
                    null);
        } catch (IllegalArgumentException e) {
            return new Refused("arguments_invalid", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        BugTracker tracker = trackers.of(clientId).orElse(null);
        if (tracker == null) {
            return new Answer.Refused(
                    "no_provider", "no tracker for bug reports is configured for this client any more");
        }
        String objection =
                Binding.objection(arguments, tracker.name(), tracker.place()).orElse(null);
        if (objection != null) {
            return new Answer.Refused("provider_changed", objection);
        }
        BugReport report = BugReport.from(Binding.unbound(arguments), null);
        return calls.call(
                tracker.name(), clientId, idempotencyKey, tracker::mark, () -> tracker.file(idempotencyKey, report));
    }

    @Override
    public Optional<Answer> find(
            String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        BugTracker tracker = trackers.of(clientId)
                .orElseThrow(() -> new OutcomeUnknownException(
                        "no tracker for bug reports is configured for this client any more",
                        new IllegalStateException()));
        Binding.objection(arguments, tracker.name(), tracker.place()).ifPresent(why -> {
            throw new OutcomeUnknownException(why, new IllegalStateException("another tracker"));
        });
        return calls.ask(
                tracker.name(), clientId, idempotencyKey, tracker.settle(), mark -> tracker.find(idempotencyKey, mark));
    }
}
