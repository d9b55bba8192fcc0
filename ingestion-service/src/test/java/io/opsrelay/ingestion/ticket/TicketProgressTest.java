package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.ActionEvent.ActionStarted;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@IngestionServiceTest
class TicketProgressTest {

    @Autowired
    Api api;

    @Autowired
    OtherServices others;

    @Autowired
    TestKafka kafka;

    @Test
    void anApprovedRefundIsToldStepByStepToItsEnd() {
        String id = api.as("acme", Role.AGENT).ticket("Refund, please");
        Happenings refund = Happenings.of(UUID.fromString(id));

        refund.approvedRefund().forEach(event -> others.tell("acme", event));

        JsonNode ticket = atVersion(id, 12);
        assertThat(ticket.get("status").asString()).isEqualTo("resolved");
        assertThat(ticket.get("category").asString()).isEqualTo("refund_request");
        assertThat(ticket.get("confidence").asDouble()).isEqualTo(0.97);
        assertThat(ticket.get("language").asString()).isEqualTo("en");
        assertThat(ticket.get("sentiment").asString()).isEqualTo("negative");
        assertThat(ticket.get("priority").asString()).isEqualTo("high");
        assertThat(ticket.get("run_id").asString()).isEqualTo(refund.runId().toString());
        assertThat(ticket.get("reply").asString()).isEqualTo("We have refunded 25.00 EUR.");
        assertThat(ticket.get("resolved_at").asString()).isNotBlank();
        assertThat(ticket.get("messages")
                        .valueStream()
                        .map(m -> m.get("direction").asString() + " "
                                + m.get("state").asString()))
                .containsExactly("inbound delivered", "outbound sent");
        assertThat(ticket.get("timeline").valueStream().map(entry -> entry.get("event")
                        .asString()))
                .containsExactly(
                        "ticket_received",
                        "ticket_analyzing",
                        "ticket_classified",
                        "reply_drafted",
                        "action_proposed",
                        "run_parked",
                        "action_prepared",
                        "approval_requested",
                        "approval_granted",
                        "action_started",
                        "action_succeeded",
                        "ticket_resolved");
        assertThat(ticket.get("timeline").valueStream().map(entry -> entry.get("seq")
                        .asLong()))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 12).boxed().toList());
        assertThat(ticket.get("timeline").get(10).get("summary").asString())
                .isEqualTo("Refund of 25.00 EUR done (re_1, sandbox)");
    }

    @Test
    void everyStepIsOnTheFeedWithItsStatusAndTheTicketsVersion() {
        String id = api.as("acme", Role.AGENT).ticket("Refund, please");
        Happenings.of(UUID.fromString(id)).approvedRefund().forEach(event -> others.tell("acme", event));

        List<String> frames = kafka
                .await(Topics.FEED, 12, message -> new String(message.value()).contains(id), TestKafka.PATIENCE)
                .stream()
                .map(message -> {
                    JsonNode data = JsonMapper.shared().readTree(message.value());
                    return data.get("version").asInt() + " " + TestKafka.header(message, Headers.FRAME) + " "
                            + data.get("status").asString();
                })
                .toList();

        assertThat(frames)
                .containsExactly(
                        "1 ticket_received received",
                        "2 ticket_analyzing analyzing",
                        "3 ticket_classified analyzing",
                        "4 reply_drafted analyzing",
                        "5 action_proposed analyzing",
                        "6 run_parked analyzing",
                        "7 action_prepared analyzing",
                        "8 approval_requested awaiting_approval",
                        "9 approval_granted acting",
                        "10 action_started acting",
                        "11 action_succeeded acting",
                        "12 ticket_resolved resolved");
    }

    @Test
    void everyEventAppliedTwiceChangesNothingTheSecondTime() {
        String id = api.as("acme", Role.AGENT).ticket("Twice");
        Happenings twice = Happenings.of(UUID.fromString(id));
        Instant time = Instant.now();
        List<Event> events = twice.oneOfEach();
        List<UUID> ids = events.stream().map(event -> UUID.randomUUID()).toList();
        for (int i = 0; i < events.size(); i++) {
            others.tell("acme", events.get(i), ids.get(i), time);
        }
        JsonNode once = atVersion(id, 1 + events.size());

        for (int i = 0; i < events.size(); i++) {
            others.tell("acme", events.get(i), ids.get(i), time);
        }
        others.tell("acme", twice.parked());

        JsonNode again = atVersion(id, 2 + events.size());
        assertThat(again.get("messages")).isEqualTo(once.get("messages"));
        assertThat(again.get("status")).isEqualTo(once.get("status"));
        assertThat(again.get("timeline").size()).isEqualTo(once.get("timeline").size() + 1);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void aRunEndsTheTicketAsItSays(Outcome outcome) {
        String id = api.as("acme", Role.AGENT).ticket("Ends");
        Happenings run = Happenings.of(UUID.fromString(id));

        others.tell("acme", run.started());
        others.tell("acme", run.completed(outcome));

        JsonNode ticket = atVersion(id, 3);
        assertThat(ticket.get("status").asString()).isEqualToIgnoringCase(outcome.name());
        assertThat(ticket.has("resolved_at")).isEqualTo(outcome == Outcome.RESOLVED);
        assertThat(ticket.has("reply")).isEqualTo(outcome == Outcome.RESOLVED);
    }

    @Test
    void whatComesTooLateStandsInTheTimelineAndChangesNoStatus() {
        String id = api.as("acme", Role.AGENT).ticket("Late");
        Happenings run = Happenings.of(UUID.fromString(id));
        others.tell("acme", run.started());
        others.tell("acme", run.completed(Outcome.ESCALATED));

        others.tell("acme", run.granted());
        others.tell("acme", run.withOtherRun().completed(Outcome.RESOLVED));
        others.tell("acme", run.started());

        JsonNode ticket = atVersion(id, 6);
        assertThat(ticket.get("status").asString()).isEqualTo("escalated");
        assertThat(ticket.get("messages")).hasSize(1);
        assertThat(ticket.get("run_id").asString()).isEqualTo(run.runId().toString());
        assertThat(ticket.get("timeline").valueStream().skip(3).map(entry -> entry.get("event")
                        .asString()))
                .containsExactly("approval_granted", "run_completed", "run_started");
    }

    @Test
    void aPriorityThatTheSenderSetStays() {
        String id = api.as("acme", Role.AGENT)
                .post(
                        "/api/v1/tickets",
                        "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@b.co\",\"priority\":\"low\"}")
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
        Happenings run = Happenings.of(UUID.fromString(id));

        others.tell("acme", run.started());
        others.tell("acme", run.classified());

        assertThat(atVersion(id, 3).get("priority").asString()).isEqualTo("low");
    }

    @Test
    void aReplyForAChannelWithoutASenderWaits() {
        String id = api.as("acme", Role.AGENT)
                .post(
                        "/api/v1/tickets",
                        "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@b.co\",\"channel\":\"email\"}")
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
        Happenings run = Happenings.of(UUID.fromString(id));

        others.tell("acme", run.started());
        others.tell("acme", run.completed(Outcome.RESOLVED));

        assertThat(atVersion(id, 3).get("messages").get(1).get("state").asString())
                .isEqualTo("pending");
    }

    @Test
    void aReplyOfTheAgentThatNothingBringsHasFailedAndTheTimelineSaysSo() {
        String id = api.as("acme", Role.AGENT)
                .post(
                        "/api/v1/tickets",
                        "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@b.co\",\"channel\":\"upstream\"}")
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
        Happenings run = Happenings.of(UUID.fromString(id));

        others.tell("acme", run.started());
        others.tell("acme", run.completed(Outcome.RESOLVED));

        JsonNode ticket = atVersion(id, 4);
        assertThat(ticket.get("status").asString()).isEqualTo("resolved");
        assertThat(ticket.get("messages").get(1).get("state").asString()).isEqualTo("failed");
        assertThat(Work.strings(ticket.get("timeline"), "event"))
                .containsExactly("ticket_received", "ticket_analyzing", "ticket_resolved", "message_failed");
        assertThat(ticket.get("timeline").get(3).get("summary").asString())
                .contains("nothing brings replies to customers of channel upstream");
    }

    @Test
    void anEventAboutATicketThatIsNotHereIsSetAsideWithItsReason() {
        Happenings nowhere = Happenings.of(UUID.randomUUID());

        others.tell("acme", nowhere.started());

        assertSetAside(nowhere.ticketId(), "client acme has no ticket " + nowhere.ticketId() + " in ingestion-service");
    }

    @Test
    void anEventOfAnotherClientCannotTouchATicket() {
        String id = api.as("acme", Role.AGENT).ticket("Mine");
        Happenings forged = Happenings.of(UUID.fromString(id));

        others.tell("globex", forged.started());

        assertSetAside(forged.ticketId(), "client globex has no ticket " + id + " in ingestion-service");
        assertThat(atVersion(id, 1).get("status").asString()).isEqualTo("received");
    }

    @Test
    void anActionWithoutATicketIsNoneOfItsBusiness() {
        UUID action = UUID.randomUUID();
        others.tell("acme", new ActionStarted(action, null, "refund", 1));
        others.tell("acme", new ActionSucceeded(action, null, "refund", "sandbox", Map.of()));

        // The same partition is read on.
        String marker = markerInSamePartition(action);

        assertThat(atVersion(marker, 2).get("status").asString()).isEqualTo("failed");
        assertThat(kafka.all(Topics.TICKET + Topics.DEAD_LETTER_SUFFIX))
                .noneMatch(message -> action.toString().equals(message.key()));
    }

    /** Ends tickets until one of them shares the key's partition. */
    private String markerInSamePartition(UUID key) {
        int wanted = kafka.await(Topics.TICKET, message -> key.toString().equals(message.key()))
                .partition();
        List<String> tried = new ArrayList<>();
        while (tried.size() < 100) {
            String id = api.as("acme", Role.AGENT).ticket("Marker");
            tried.add(id);
            others.tell(
                    "acme",
                    new RunCompleted(UUID.fromString(id), UUID.randomUUID(), Outcome.FAILED, null, "only a marker"));
            if (kafka.await(Topics.TICKET, message -> id.equals(message.key())).partition() == wanted) {
                return id;
            }
        }
        throw new AssertionError("no ticket of " + tried.size() + " went to partition " + wanted);
    }

    private void assertSetAside(UUID key, String reason) {
        var dead = kafka.await(Topics.TICKET + Topics.DEAD_LETTER_SUFFIX, message -> key.toString()
                .equals(message.key()));
        assertThat(TestKafka.header(dead, Headers.DEAD_REASON)).contains(reason);
        assertThat(TestKafka.header(dead, Headers.DEAD_CONSUMER)).isEqualTo("ingestion-service.tickets");
    }

    private JsonNode atVersion(String id, int version) {
        return await().until(
                        () -> api.as("acme", Role.VIEWER)
                                .get("/api/v1/tickets/" + id)
                                .has(200)
                                .json(),
                        ticket -> ticket.get("version").asInt() >= version);
    }
}
