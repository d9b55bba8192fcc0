package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContributionTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final UUID TICKET = UUID.randomUUID();

    private final List<Step> steps = new ArrayList<>();

    @Test
    void aTicketIsCountedWhenItCameUnderWhatIsKnownOfItNow() {
        step(0, "ticket_received", "user", "received", null);
        step(61, "ticket_analyzing", "agent", "analyzing", null);
        assertThat(counts()).containsEntry("12:00 category unset", 1L);

        step(62, "ticket_classified", "agent", "analyzing", "refund_request");

        assertThat(counts())
                .containsEntry("12:00 received", 1L)
                .containsEntry("12:00 channel email", 1L)
                .containsEntry("12:00 category refund_request", 1L)
                .containsEntry("12:00 priority unset", 1L)
                .containsEntry("12:01 entered analyzing", 1L)
                .containsEntry("12:01 left received", 1L)
                .containsEntry("12:01 classified", 1L)
                .doesNotContainKey("12:00 category unset");
    }

    @Test
    void whatTheAgentAnswersWithoutAPersonIsCompletedAlone() {
        step(0, "ticket_received", "user", "received", null);
        step(10, "ticket_analyzing", "agent", "analyzing", null);
        reply(30, "ticket_resolved", "agent", "resolved");

        assertThat(counts())
                .containsEntry("12:00 completed alone", 1L)
                .containsEntry("12:00 run resolved", 1L)
                .containsEntry("12:00 first_response_millis", 30_000L)
                .containsEntry("12:00 resolution_millis", 30_000L)
                .containsEntry("12:00 resolution " + Times.classOf(30_000), 1L);
    }

    @Test
    void anApprovalByAPersonIsAPersonsPart() {
        step(0, "ticket_received", "user", "received", null);
        step(1, "ticket_analyzing", "agent", "analyzing", null);
        step(2, "approval_requested", "agent", "awaiting_approval", null);
        step(3, "approval_granted", "user", "acting", null);
        reply(4, "ticket_resolved", "agent", "resolved");

        assertThat(counts())
                .containsEntry("12:00 completed people", 1L)
                .containsEntry("12:00 approval approved", 1L)
                .doesNotContainKey("12:00 completed alone");
    }

    @Test
    void anApprovalByPolicyIsNone() {
        step(0, "ticket_received", "user", "received", null);
        step(1, "ticket_analyzing", "agent", "analyzing", null);
        step(3, "approval_granted", "policy", "acting", null);
        reply(4, "ticket_resolved", "agent", "resolved");

        assertThat(counts()).containsEntry("12:00 completed alone", 1L).containsEntry("12:00 approval by_policy", 1L);
    }

    @Test
    void aPersonWhoTagsOrSendsBackHasNoPartButOneWhoAnswersHas() {
        step(0, "ticket_received", "user", "received", null);
        step(1, "ticket_tagged", "user", "received", null);
        step(2, "ticket_failed", "agent", "failed", null);
        step(3, "ticket_retried", "user", "received", null);
        List<Step> untilThen = List.copyOf(steps);
        step(4, "ticket_resolved", "agent", "resolved", null);
        assertThat(counts()).containsEntry("12:00 completed alone", 1L);

        steps.clear();
        steps.addAll(untilThen);
        reply(4, "message_sent", "user", "received");
        step(5, "ticket_resolved", "agent", "resolved", null);
        assertThat(counts()).containsEntry("12:00 completed people", 1L);
    }

    @Test
    void aReopenedTicketIsCompletedTwiceAndTimedFromItsReopening() {
        step(0, "ticket_received", "agent", "received", null);
        step(60, "ticket_resolved", "agent", "resolved", null);
        step(70, "ticket_closed", "user", "closed", null);
        step(600, "ticket_reopened", "customer", "received", null);
        step(660, "ticket_resolved", "agent", "resolved", null);

        assertThat(counts())
                .containsEntry("12:01 completed alone", 1L)
                .containsEntry("12:01 resolution_millis", 60_000L)
                .containsEntry("12:10 reopened", 1L)
                .containsEntry("12:11 completed alone", 1L)
                .containsEntry("12:11 resolution_millis", 60_000L)
                .doesNotContainKey("12:01 completed people");
    }

    @Test
    void aCorrectionByAPersonIsCountedOnceAndTheAgentsOwnChangeIsNone() {
        step(0, "ticket_received", "user", "received", null);
        step(1, "ticket_classified", "agent", "received", "refund_request");
        step(2, "ticket_classified", "agent", "received", "delivery");
        assertThat(counts()).doesNotContainKey("12:00 reviewed corrected");

        step(3, "ticket_category_set", "user", "received", "account");
        step(4, "ticket_category_set", "user", "received", "refund_request");
        step(61, "ticket_classified", "agent", "received", "refund_request");
        step(62, "ticket_status_set", "user", "resolved", "refund_request");

        assertThat(reviews()).containsExactly(Map.entry("12:00 reviewed corrected", 1L));
    }

    @Test
    void whoTakesACorrectionBackConfirms() {
        step(0, "ticket_received", "user", "received", null);
        step(1, "ticket_classified", "agent", "received", "delivery");
        step(2, "ticket_category_set", "user", "received", "account");
        step(3, "ticket_category_set", "user", "received", "delivery");

        assertThat(reviews()).containsExactly(Map.entry("12:00 reviewed confirmed", 1L));
    }

    @Test
    void whoEndsAClassifiedTicketLeavesItsCategoryAndWhoOnlyAnswersOrHandsItOnJudgesNothing() {
        step(0, "ticket_received", "user", "received", null);
        step(1, "ticket_classified", "agent", "analyzing", "delivery");
        step(2, "approval_granted", "user", "acting", "delivery");
        reply(3, "reply_written", "user", "analyzing");
        step(4, "ticket_status_set", "user", "escalated", "delivery");
        assertThat(reviews()).isEmpty();

        step(5, "ticket_status_set", "user", "resolved", "delivery");
        step(61, "ticket_status_set", "user", "closed", "delivery");
        assertThat(reviews()).containsExactly(Map.entry("12:00 reviewed left", 1L));

        step(122, "ticket_category_set", "user", "closed", "account");
        assertThat(reviews()).containsExactly(Map.entry("12:00 reviewed corrected", 1L));
    }

    @Test
    void whatAPersonSaidBeforeTheClassifierCameSaysNothingAboutTheClassifier() {
        step(0, "ticket_received", "user", "received", null);
        step(1, "ticket_category_set", "user", "received", "account");
        step(2, "ticket_classified", "agent", "received", "account");
        step(3, "ticket_status_set", "user", "closed", "account");

        assertThat(reviews()).isEmpty();
    }

    private Map<String, Long> reviews() {
        Map<String, Long> reviews = new TreeMap<>(counts());
        reviews.keySet().removeIf(name -> !name.contains(" reviewed"));
        return reviews;
    }

    @Test
    void clocksThatDisagreeMakeNoTimeBelowZero() {
        step(30, "ticket_received", "user", "received", null);
        reply(0, "ticket_resolved", "agent", "resolved");

        assertThat(counts())
                .containsEntry("12:00 first_response " + Times.classOf(0), 1L)
                .doesNotContainKey("12:00 first_response_millis");
    }

    @Test
    void aTicketThatComesResolvedTookNoTimeHere() {
        step(0, "ticket_processed", "user", "resolved", "refund_request");

        assertThat(counts())
                .containsEntry("12:00 completed alone", 1L)
                .containsEntry("12:00 entered resolved", 1L)
                .doesNotContainKey("12:00 resolution_millis");
    }

    @Test
    void aTicketThatWasMergedIntoAnotherIsClosedAndNotCompleted() {
        step(0, "ticket_received", "user", "received", null);
        step(9, "ticket_merged", "user", "closed", null);

        assertThat(counts())
                .containsEntry("12:00 entered closed", 1L)
                .doesNotContainKey("12:00 completed people")
                .doesNotContainKey("12:00 resolution_millis");
    }

    @Test
    void noStepsCountNothing() {
        assertThat(counts()).isEmpty();
    }

    private void step(int second, String event, String who, String status, String category) {
        add(second, event, who, status, category, false);
    }

    private void reply(int second, String event, String who, String status) {
        add(second, event, who, status, null, true);
    }

    private void add(int second, String event, String who, String status, String category, boolean replied) {
        boolean ends = event.equals("ticket_resolved") || event.equals("ticket_failed");
        steps.add(new Step(
                TICKET,
                steps.size() + 1L,
                NOON.plusSeconds(second),
                event,
                who.equals("user"),
                status,
                "email",
                null,
                category,
                null,
                ends && who.equals("agent") ? event.substring("ticket_".length()) : null,
                null,
                replied));
    }

    private Map<String, Long> counts() {
        Map<String, Long> shown = new TreeMap<>();
        Contribution.of(steps)
                .forEach((cell, value) -> shown.put(
                        (cell.minute().toString().substring(11, 16) + " "
                                        + cell.figure().wireName() + " " + cell.key())
                                .strip(),
                        value));
        return shown;
    }
}
