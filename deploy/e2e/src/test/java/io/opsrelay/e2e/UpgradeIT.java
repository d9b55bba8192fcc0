package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.approve;
import static io.opsrelay.e2e.Steps.awaitAction;
import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.decide;
import static io.opsrelay.e2e.Steps.events;
import static io.opsrelay.e2e.Steps.expectRefunds;
import static io.opsrelay.e2e.Steps.postRefundRequest;
import static io.opsrelay.e2e.Steps.refunds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import io.opsrelay.e2e.upgrade.Reading;
import io.opsrelay.e2e.upgrade.Recording;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What an earlier version left in its databases and topics goes on with this one. Each recording holds, for acme: a
 * question answered, refunds paid and rejected, one refund that waits for a person, and requests whose events nobody had
 * read when that version ended. Those from the second on hold what {@link RecordVersion} makes, and what people had read of
 * it.
 */
@RunningSystem
@Order(130)
class UpgradeIT {

    private final OpsRelay opsRelay;

    UpgradeIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    static List<Recording> recordings() throws IOException {
        return Recording.all();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void whatAnEarlierVersionLeftGoesOn(Recording recording) throws IOException {
        opsRelay.restore(recording);
        Person admin = opsRelay.as("admin@acme.example");
        Person agent = opsRelay.as("agent@acme.example");
        Person approver = opsRelay.as("approver@acme.example");

        // Everything is there, and what was finished stays as it was.
        List<Reading> readings = recording.readings();
        for (Reading reading : readings) {
            assertThat(reading.lostIn(opsRelay.as(reading.by())
                            .get(reading.path())
                            .expect(200)
                            .json()))
                    .as("what is no more as it was in %s for %s", reading.path(), reading.by())
                    .isEmpty();
        }
        Map<String, JsonNode> tickets = new HashMap<>();
        for (JsonNode item :
                admin.get("/api/v1/tickets?limit=200").expect(200).json().path("items")) {
            String id = item.path("ticket_id").asString();
            tickets.put(id, admin.get("/api/v1/tickets/" + id).expect(200).json());
        }
        assertThat(tickets.values())
                .filteredOn(ticket -> ticket.path("subject").asString().startsWith("Finished"))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(ticket -> {
                    assertThat(ticket.path("status").asString()).isEqualTo("resolved");
                    assertThat(events(ticket)).startsWith("ticket_received").endsWith("ticket_resolved");
                    assertThat(ticket.path("reply").asString()).isNotBlank();
                });
        expectRefunds(opsRelay, "A-1001", "25.00");

        // What waited for a person is decided, and the money moves once.
        JsonNode waiting = tickets.values().stream()
                .filter(ticket -> ticket.path("subject").asString().startsWith("Waiting"))
                .findFirst()
                .orElseThrow();
        String waitingId = waiting.path("ticket_id").asString();
        approve(approver, Steps.awaitPendingApproval(approver, waitingId)).expect(200);
        awaitStatus(agent, waitingId, "resolved");
        expectRefunds(opsRelay, "A-1003", "25.00");

        // What nobody had read is read: its events are of that version.
        tickets.forEach((id, ticket) -> {
            if (ticket.path("subject").asString().startsWith("Unread")) {
                await("an end or a person's turn for " + id)
                        .atMost(Steps.PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        Steps.ticketOf(agent, id).path("status").asString())
                                .isIn("resolved", "escalated", "awaiting_approval"));
            }
        });

        if (!readings.isEmpty()) {
            whatPeopleHadBegunIsEnded(tickets);
            whatWasSealedIsRead(tickets);
            assertThat(opsRelay.command("audit", "verify", "--client", "acme")).contains("acme");
        }

        // A dashboard resumes from the first offset on, and sees what is new.
        try (Stream stream = approver.stream("tickets")) {
            String fresh = postRefundRequest(agent, "A-1010");
            stream.awaitInOrder("tickets", fresh, "ticket_received", "ticket_classified", "approval_requested");
            approve(approver, Steps.awaitPendingApproval(approver, fresh)).expect(200);
            awaitStatus(agent, fresh, "resolved");
        }
        assertThat(refunds(opsRelay, "A-1010")).hasSize(1);
    }

    /** A vote of two, an action that is held, a letter that lies there, a switch that is on. */
    private void whatPeopleHadBegunIsEnded(Map<String, JsonNode> tickets) {
        Person admin = opsRelay.as("admin@acme.example");
        String voted = idOf(tickets, "Voted: one of two");
        approve(admin, Steps.awaitPendingApproval(admin, voted)).expect(200);
        awaitStatus(admin, voted, "resolved");
        expectRefunds(opsRelay, "A-1005", "25.00");

        JsonNode held = only(admin, "/api/v1/approvals?status=pending&action_type=scale_deployment");
        decide(admin, held, "reject", "the night is over").expect(200);
        awaitAction(admin, held.path("action_id").asString(), "rejected");

        JsonNode letter = only(admin, "/api/v1/dead-letters?state=open");
        admin.post(
                        "/api/v1/dead-letters/" + letter.path("letter_id").asString() + "/discard",
                        Map.of("reason", "nobody wrote it"))
                .expect(200);

        opsRelay.as("admin@globex.example")
                .post("/api/v1/kill_switch", Map.of("on", false, "reason", "the holidays are over"))
                .expect(200);
    }

    /** The keys and the files of an installation go on with it. */
    private void whatWasSealedIsRead(Map<String, JsonNode> tickets) {
        Person admin = opsRelay.as("admin@acme.example");
        String personal = idOf(tickets, Steps.PERSONAL);
        assertThat(admin.post(
                                "/api/v1/agent/tickets/" + personal + "/redactions/reveal",
                                Map.of("reason", "to see whether it can be read"))
                        .expect(200)
                        .json()
                        .path("values")
                        .values())
                .extracting(JsonNode::asString)
                .contains("mary.private@example.org");

        String files = "/api/v1/tickets/" + idOf(tickets, "On the desk") + "/attachments";
        String file = only(admin, files).path("file_id").asString();
        assertThat(admin.get(files + "/" + file).expect(200).text()).isEqualTo(Steps.FILE);

        Steps.postMail(opsRelay, Steps.MARY, "Once more", "How long do refunds take?")
                .expect(200)
                .text("ticket_id");
    }

    private static JsonNode only(Person reader, String path) {
        JsonNode items = reader.get(path).expect(200).json().path("items");
        assertThat(items).as(path).hasSize(1);
        return items.path(0);
    }

    private static String idOf(Map<String, JsonNode> tickets, String subject) {
        return tickets.entrySet().stream()
                .filter(ticket -> ticket.getValue().path("subject").asString().equals(subject))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }
}
