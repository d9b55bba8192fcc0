package io.opsrelay.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.approval.Api.Answer;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;

/** Policies over HTTP, and what they then say about actions. */
@OpsRelayTest(service = "approval")
@SpringBootTest(
        classes = ApprovalApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "opsrelay.approval.expiry-poll=100ms")
class PolicyPathTest {

    private static final String POLICIES = "/api/v1/policies";

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private String client;
    private Api admin;
    private UUID actionId;

    @BeforeEach
    void aClientOfItsOwn() {
        events = new TestEvents(kafka);
        actionId = UUID.randomUUID();
        client = "c" + actionId.toString().substring(0, 8);
        admin = Api.of(port, client, Role.ADMIN);
    }

    @Test
    void aClientWithoutAPolicyHasTheShippedOneAndEachChangeIsAVersion() {
        Answer shipped = admin.get(POLICIES);
        assertThat(shipped.body()).containsEntry("version", 0).doesNotContainKey("changed_by");
        assertThat(shipped.list("rules")).extracting("name").contains("refund-needs-person", "break-glass");

        // when
        Answer first = admin.put(POLICIES, policy(deny("frozen")));
        Map<String, Object> change = new java.util.HashMap<>(policy(deny("frozen"), deny("thawed")));
        change.put("reason", "it is thawing");
        Answer second = admin.put(POLICIES, change);
        assertThat(second.body()).containsEntry("reason", "it is thawing");
        change.put("reason", " ");
        assertThat(admin.put(POLICIES, change).status()).isEqualTo(422);
        assertThat(admin.get("/api/v1/approvals/audit?action=policy.changed")
                        .items()
                        .getFirst())
                .extracting(item -> ((Map<?, ?>) item.get("entry")).get("reason"))
                .isEqualTo("it is thawing");

        // then
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.body())
                .containsEntry("version", 1)
                .containsEntry("changed_by", "user:admin@" + client + ".example");
        assertThat(first.etag()).contains("\"1\"");
        assertThat(second.body()).containsEntry("version", 2);
        assertThat(admin.get(POLICIES).body()).isEqualTo(second.body());
        assertThat(admin.get(POLICIES + "/versions").items())
                .extracting("version")
                .containsExactly(2, 1);
        Answer page = admin.get(POLICIES + "/versions?limit=1");
        assertThat(page.items()).singleElement().satisfies(line -> assertThat(line)
                .containsEntry("version", 2)
                .containsKeys("rule_count", "changed_by", "changed_at")
                .doesNotContainKey("rules"));
        assertThat(admin.get(POLICIES + "/versions?limit=1&cursor=" + page.get("next_cursor"))
                        .items())
                .extracting("version")
                .containsExactly(1);
        assertThat(admin.get(POLICIES + "/versions?cursor=x").status()).isEqualTo(400);
        assertThat(admin.get(POLICIES + "/versions/1").body()).isEqualTo(first.body());
        assertThat(admin.get(POLICIES + "/versions/0").list("rules")).isEqualTo(shipped.list("rules"));
        assertThat(admin.get(POLICIES + "/versions/3").status()).isEqualTo(404);
        assertThat(admin.get(POLICIES + "/versions/x").status()).isEqualTo(404);
    }

    @Test
    void whatIsReadCanBeWrittenAndTheSameAgainIsNoNewVersion() {
        Map<String, Object> shipped = Map.of("rules", admin.get(POLICIES).list("rules"));

        assertThat(admin.put(POLICIES, shipped).body()).containsEntry("version", 1);
        assertThat(admin.put(POLICIES, shipped).body()).containsEntry("version", 1);
    }

    @Test
    void aStaleEntityTagIsRefusedAndChangesNothing() {
        assertThat(admin.put(POLICIES, policy(deny("a")), "If-Match", "\"0\"").status())
                .isEqualTo(200);

        Answer stale = admin.put(POLICIES, policy(deny("b")), "If-Match", "\"0\"");

        assertThat(stale.status()).isEqualTo(412);
        assertThat(admin.get(POLICIES).body()).containsEntry("version", 1);
    }

    @Test
    void ofManyChangesFromTheSameVersionOneCounts() throws Exception {
        List<Integer> answers;
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            answers = people
                    .invokeAll(IntStream.range(0, 8)
                            .<Callable<Integer>>mapToObj(
                                    i -> () -> admin.put(POLICIES, policy(deny("rule-" + i)), "If-Match", "\"0\"")
                                            .status())
                            .toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
        }

        assertThat(answers).containsOnlyOnce(200).allMatch(status -> List.of(200, 409, 412)
                .contains(status));
        assertThat(admin.get(POLICIES).body()).containsEntry("version", 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"VIEWER", "AGENT", "APPROVER", "SRE", "INGEST"})
    void onlyAnAdminHasToDoWithPolicies(Role role) {
        Api other = Api.of(port, client, role);

        assertThat(other.get(POLICIES).status()).isEqualTo(403);
        assertThat(other.put(POLICIES, policy(deny("mine"))).status()).isEqualTo(403);
        assertThat(other.post(POLICIES + "/evaluate", Map.of()).status()).isEqualTo(403);
        assertThat(admin.get(POLICIES).body()).containsEntry("version", 0);
    }

    @Test
    void anotherClientsPolicyIsNotTouchedAndNotSeen() {
        Api stranger = Api.of(port, "globex", Role.ADMIN);
        Object before = stranger.get(POLICIES).get("version");

        admin.put(POLICIES, policy(deny("ours")));

        assertThat(stranger.get(POLICIES).get("version")).isEqualTo(before);
        assertThat(stranger.get(POLICIES).list("rules")).extracting("name").doesNotContain("ours");
    }

    /** A rule that cannot be, and the field that is named. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"name": "r", "then": {"decision": "allow"}}                                              | rules[0].then.decision
        {"name": "r", "when": {"categories": ["financial"]}, "then": {"decision": "allow"}}       | rules[0].then.decision
        {"name": "r", "when": {"action_types": ["refund"]}, "then": {"decision": "allow"}}        | rules[0].then.decision
        {"name": "r", "when": {"break_glass": true}, "then": {"decision": "allow"}}               | rules[0].then.decision
        {"name": "R 1", "then": {"decision": "deny"}}                                             | rules[0].name
        {"name": "no-rule-matched", "then": {"decision": "deny"}}                                 | rules[0].name
        {"name": "r"}                                                                             | rules[0].then
        {"name": "r", "then": {}}                                                                 | rules[0].then.decision
        {"name": "r", "then": {"decision": "approve"}}                                            | rules[0].then.approvers
        {"name": "r", "then": {"decision": "deny", "approvers": {"roles": ["sre"]}}}              | rules[0].then.approvers
        {"name": "r", "then": {"decision": "approve", "approvers": {"count": 0, "roles": ["sre"]}}} | rules[0].then.approvers.count
        {"name": "r", "then": {"decision": "approve", "approvers": {"roles": ["viewer"]}}}        | rules[0].then.approvers.roles
        {"name": "r", "then": {"decision": "approve", "approvers": {"roles": ["sre"]}, "expires_after": "40d"}} | rules[0].then.expires_after
        {"name": "r", "then": {"decision": "approve", "approvers": {"roles": ["sre"]}, "expires_after": "1h", "remind_after": "2h"}} | rules[0].then.remind_after
        {"name": "r", "then": {"decision": "approve", "approvers": {"roles": ["sre"]}, "escalate": {"after": "soon", "to_roles": ["admin"]}}} | rules[0].then.escalate.after
        {"name": "r", "when": {"amount": {"over": "-1", "currency": "EUR"}}, "then": {"decision": "deny"}} | rules[0].when.amount.over
        {"name": "r", "when": {"amount": {"up_to": "0", "currency": "EUR"}}, "then": {"decision": "deny"}} | rules[0].when.amount.up_to
        {"name": "r", "when": {"amount": {"up_to": "1.001", "currency": "EUR"}}, "then": {"decision": "deny"}} | rules[0].when.amount.up_to
        {"name": "r", "when": {"amount": {"up_to": "1.5", "currency": "JPY"}}, "then": {"decision": "deny"}} | rules[0].when.amount.up_to
        {"name": "r", "when": {"amount": {"up_to": "1234567890123", "currency": "EUR"}}, "then": {"decision": "deny"}} | rules[0].when.amount.up_to
        {"name": "r", "when": {"amount": {"over": "5", "up_to": "5", "currency": "EUR"}}, "then": {"decision": "deny"}} | rules[0].when.amount.up_to
        {"name": "r", "when": {"amount": {"over": "5", "currency": "EURO"}}, "then": {"decision": "deny"}} | rules[0].when.amount.currency
        {"name": "r", "when": {"amount": {"over": "5"}}, "then": {"decision": "deny"}}            | rules[0].when.amount.currency
        {"name": "r", "when": {"action_types": []}, "then": {"decision": "deny"}}                 | rules[0].when.action_types
        {"name": "r", "when": {"categories": ["magic"]}, "then": {"decision": "deny"}}            | rules[0].when.categories
        {"name": "r", "when": {"targets": ["a*b"]}, "then": {"decision": "deny"}}                 | rules[0].when.targets[0]
        {"name": "r", "when": {"requesters": ["robot"]}, "then": {"decision": "deny"}}            | rules[0].when.requesters[0]
        {"name": "r", "when": {"confidence_below": 1.5}, "then": {"decision": "deny"}}            | rules[0].when.confidence_below
        {"name": "r", "when": {"time_window": {"from": "8", "zone": "UTC"}}, "then": {"decision": "deny"}} | rules[0].when.time_window.from
        """)
    void aPolicyThatCannotBeIsRefusedWithThePlaceAndChangesNothing(String rule, String field) {
        Answer answer = admin.put(POLICIES, Map.of("rules", List.of(json(rule))));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.list("errors").getFirst().get("field")).isEqualTo(field);
        assertThat(admin.get(POLICIES).body()).containsEntry("version", 0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"rules": [{"name": "r", "then": {"decision": "maybe"}}]}                  | 400 | rules[0].then.decision
        {"rules": [{"name": "r", "colour": "red", "then": {"decision": "deny"}}]}  | 400 | rules[0].colour
        {"rules": [{"name": "r", "when": {"amount": {"over": 5, "currency": "EUR"}}, "then": {"decision": "deny"}}]} | 400 | rules[0].when.amount.over
        {"rules": []}                                                              | 422 | rules
        {}                                                                         | 422 | rules
        {"rules": [{"name": "r", "then": {"decision": "deny"}}, {"name": "r", "then": {"decision": "deny"}}]} | 422 | rules[1].name
        """)
    void aBodyThatIsNoPolicyIsRefusedToo(String body, int status, String field) {
        Answer answer = admin.put(POLICIES, json(body));

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.list("errors").getFirst().get("field")).isEqualTo(field);
    }

    @Test
    void aDryRunSaysWhatHoldsAndWhyAndChangesNothing() {
        Map<String, Object> action = Map.of("action_type", "refund", "amount", "750.00", "currency", "EUR");

        Answer current = admin.post(POLICIES + "/evaluate", Map.of("action", action));

        assertThat(current.status()).isEqualTo(200);
        assertThat(current.body())
                .containsEntry("policy_version", 0)
                .containsEntry("decision", "approve")
                .containsEntry("rule", "refund-needs-two-people")
                .containsEntry("approvers", Map.of("count", 2, "roles", List.of("approver")));
        assertThat(current.list("looked"))
                .filteredOn(looked -> "refund-needs-person".equals(looked.get("rule")))
                .singleElement()
                .satisfies(looked -> assertThat(looked.get("checks"))
                        .asString()
                        .contains("wants up to 500.00 EUR; it is 750.00 EUR"));

        // when
        Answer draft = admin.post(
                POLICIES + "/evaluate",
                Map.of(
                        "action",
                        Map.of("action_type", "restart_deployment", "at", "2026-11-28T12:00:00Z"),
                        "policy",
                        policy(json("""
                            {"name": "weekend", "when": {"time_window": {"days": ["sat", "sun"], "zone": "UTC"}},
                             "then": {"decision": "deny", "reason": "nobody is here"}}\
                            """))));

        // then
        assertThat(draft.body())
                .doesNotContainKey("policy_version")
                .containsEntry("decision", "deny")
                .containsEntry("rule", "weekend")
                .containsEntry("reason", "nobody is here");
        assertThat(admin.get(POLICIES).body()).containsEntry("version", 0);
        assertThat(admin.get("/api/v1/approvals").items()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"action": {"amount": "5", "currency": "EUR"}}                                      | action.action_type
        {"action": {"action_type": "refund", "amount": "0", "currency": "EUR"}}             | action.amount
        {"action": {"action_type": "refund", "amount": "-5", "currency": "EUR"}}            | action.amount
        {"action": {"action_type": "refund", "amount": "5.001", "currency": "EUR"}}         | action.amount
        {"action": {"action_type": "refund", "amount": "1234567890123", "currency": "EUR"}} | action.amount
        {"action": {"action_type": "refund", "amount": "5"}}                                | action.currency
        {"action": {"action_type": "refund", "amount": "5", "currency": "XXY"}}             | action.currency
        {"action": {"action_type": "refund", "requester": "me"}}                            | action.requester
        {"action": {"action_type": "refund", "category": "magic"}}                          | action.category
        {"action": {"action_type": "refund", "confidence": 2}}                              | action.confidence
        {}                                                                                  | action
        {"action": {"action_type": "refund"}, "policy": {"rules": [{"name": "r", "then": {"decision": "allow"}}]}} | policy.rules[0].then.decision
        """)
    void aDryRunOfWhatCannotBeIsRefusedWithTheField(String body, String field) {
        Answer answer = admin.post(POLICIES + "/evaluate", json(body));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.list("errors").getFirst().get("field")).isEqualTo(field);
    }

    @Test
    void aChangeHoldsForTheNextActionAndTheRequestSaysWhichVersionAsked() {
        // given
        admin.put(POLICIES, policy(json("""
            {"name": "three-for-money", "when": {"categories": ["financial"]},
             "then": {"decision": "approve", "approvers": {"count": 3, "roles": ["admin"]}, "expires_after": "2h"}}
            """)));

        // when
        events.send(client, Requests.refund(actionId, UUID.randomUUID(), 1, "5.00", null));

        // then
        UUID id = events.await(ApprovalRequested.class, e -> e.actionId().equals(actionId))
                .approvalId();
        assertThat(admin.get("/api/v1/approvals/" + id).body())
                .containsEntry("rule", "three-for-money")
                .containsEntry("policy_version", 1)
                .containsEntry("votes_needed", 3)
                .containsEntry("may_decide", List.of("admin"))
                .containsEntry(
                        "rule_in_words",
                        "When the category is financial: 3 people, each with the role admin, must approve.");

        // when
        admin.put(POLICIES, policy(deny("frozen")));
        UUID later = UUID.randomUUID();
        events.send(client, Requests.refund(later, UUID.randomUUID(), 1, "5.00", null));

        // then
        assertThat(events.await(ApprovalRejected.class, e -> e.actionId().equals(later))
                        .by())
                .isEqualTo("policy:frozen");
        assertThat(admin.get("/api/v1/approvals/" + id).body())
                .as("what was asked stays asked")
                .containsEntry("status", "pending");
    }

    @Test
    void evenAPolicyThatCameInBehindTheDoorLetsNoRefundGoByItself() {
        // given
        JdbcClient.create(database.admin())
                .sql("insert into approval.policy values (:client, 1, :rules::jsonb, 'user:nobody', now())")
                .param("client", client)
                .param("rules", """
                    {"rules": [{"name": "careless", "when": {"categories": ["information"]},
                                "then": {"decision": "allow"}}]}\
                    """)
                .update();

        // when: whoever prepared it calls a refund information
        ActionPrepared refund = Requests.refund(actionId, UUID.randomUUID(), 1, "5.00", null);
        events.send(
                client,
                new ActionPrepared(
                        refund.actionId(),
                        refund.ticketId(),
                        1,
                        "refund",
                        refund.arguments(),
                        refund.argumentsHash(),
                        refund.effect(),
                        refund.requester(),
                        null,
                        new ActionFacts("information", "low", true, null, null, null, true, null)));

        // then
        assertThat(events.await(ApprovalRequested.class, e -> e.actionId().equals(actionId))
                        .rule())
                .isEqualTo("refund-needs-somebody");
    }

    @Test
    void breakGlassIsGrantedAtOnceUnderItsOwnRule() {
        events.send(client, Requests.restart(actionId, "user:admin", "payments are down"));

        ApprovalGranted granted =
                events.await(ApprovalGranted.class, e -> e.actionId().equals(actionId));
        assertThat(granted.approver()).isEqualTo("policy:break-glass");
        assertThat(admin.get("/api/v1/approvals?rule=break-glass").items())
                .singleElement()
                .satisfies(item -> assertThat(item)
                        .containsEntry("approval_id", granted.approvalId().toString()));
    }

    private static Map<String, Object> policy(Object... rules) {
        return Map.of("rules", List.of(rules));
    }

    private static Map<String, Object> deny(String name) {
        return Map.of("name", name, "then", Map.of("decision", "deny"));
    }

    private static Map<String, Object> json(String text) {
        return ContractJson.mapper().readValue(text, new TypeReference<Map<String, Object>>() {});
    }
}
