package io.opsrelay.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opsrelay.action.account.FakeKeycloak;
import io.opsrelay.action.bugtracker.FakeGitHub;
import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.remote.FakeServer;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.Faults;
import io.opsrelay.action.remote.RemoteCalls;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalEdited;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ClientEvent.ActionsOffered;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.Topics;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Password resets, bug reports and a client's own action, whole ways, with the journals of those who did them. */
@ActionEngineTest
class RemoteActionsPathTest {

    private static final FakeKeycloak KEYCLOAK = new FakeKeycloak();
    private static final FakeGitHub GITHUB = new FakeGitHub();
    private static final Loyalty LOYALTY = new Loyalty();

    @TempDir
    private static Path folder;

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @Autowired
    private Catalogue catalogue;

    @Autowired
    private RemoteCalls calls;

    @LocalServerPort
    private int port;

    private TestEvents events;
    private UUID actionId;

    @DynamicPropertySource
    static void systems(DynamicPropertyRegistry registry) {
        String accounts = "opsrelay.accounts.clients.acme.keycloak.";
        registry.add(accounts + "url", KEYCLOAK::url);
        registry.add(accounts + "realm", () -> "shop");
        registry.add(accounts + "client-id", () -> "opsrelay");
        registry.add(accounts + "client-secret-file", () -> secret("keycloak", FakeKeycloak.SECRET));
        registry.add(accounts + "settle", () -> "1s");
        around(registry, accounts);
        String bugs = "opsrelay.bug-reports.clients.acme.github.";
        registry.add(bugs + "url", GITHUB::url);
        registry.add(bugs + "repository", () -> "acme/shop");
        registry.add(bugs + "token-file", () -> secret("github", "ghs_first"));
        registry.add(bugs + "settle", () -> "1s");
        around(registry, bugs);
        registry.add("opsrelay.bug-reports.sandbox-clients", () -> "trial");
        registry.add("opsrelay.accounts.sandbox-clients", () -> "trial");
        for (String name : List.of("credit", "silent")) {
            String own = "opsrelay.actions.http.acme." + name + ".";
            registry.add(own + "description", () -> "Credits points to a customer's account");
            registry.add(own + "url", () -> LOYALTY.url() + "/accounts/{account}/credits");
            registry.add(own + "fields.account.description", () -> "whose");
            registry.add(own + "fields.points.type", () -> "integer");
            registry.add(own + "fields.points.description", () -> "how many");
            registry.add(own + "fields.points.least", () -> "1");
            registry.add(own + "fields.points.most", () -> "100");
            registry.add(own + "secret-headers.Authorization", () -> secret("loyalty", "Bearer loyal"));
            registry.add(own + "result.credit", () -> "/id");
            around(registry, own);
        }
        String credit = "opsrelay.actions.http.acme.credit.";
        registry.add(credit + "target", () -> "account");
        registry.add(credit + "find-url", () -> LOYALTY.url() + "/credits/{key}");
        registry.add(credit + "dry-run-url", () -> LOYALTY.url() + "/rehearse");
        registry.add(credit + "settle", () -> "500ms");
        String payout = "opsrelay.actions.http.acme.payout.";
        registry.add(payout + "description", () -> "Pays out what an account holds");
        registry.add(payout + "category", () -> "financial");
        registry.add(payout + "url", () -> LOYALTY.url() + "/accounts/{account}/payouts");
        registry.add(payout + "fields.account.description", () -> "whose");
        registry.add(payout + "fields.sum.type", () -> "amount");
        registry.add(payout + "fields.sum.description", () -> "how much");
        registry.add(payout + "money.amount", () -> "sum");
        registry.add(payout + "money.currency", () -> "EUR");
        around(registry, payout);
    }

    private static void around(DynamicPropertyRegistry registry, String prefix) {
        registry.add(prefix + "timeout", () -> "7s"); // longer than a machine halts
        registry.add(prefix + "allow-private", () -> "true");
        registry.add(prefix + "allow-http", () -> "true");
    }

    private static Path secret(String name, String secret) {
        try {
            return Files.writeString(folder.resolve(name), secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void anActionOfItsOwn() {
        events = new TestEvents(kafka);
        actionId = UUID.randomUUID();
    }

    @AfterAll
    static void stop() {
        KEYCLOAK.close();
        GITHUB.close();
        LOYALTY.close();
    }

    @Test
    void aVerifiedCustomerGetsOneLinkToTheirOwnAddressWhateverAddressIsProposed() {
        String account = KEYCLOAK.user(email(), true, true);
        KEYCLOAK.user("ceo-" + email(), true, true);

        ActionPrepared prepared = prepared("password_reset", Map.of("user_email", "ceo-" + email()), customer(true));
        assertThat(prepared.arguments()).containsEntry("account_id", account).containsEntry("email", email());
        assertThat(prepared.effect().toString()).doesNotContain(email());
        approve(prepared);

        assertThat(succeeded().result()).containsEntry("account_id", account).containsKey("link_sent_at");
        assertThat(linksTo(account)).isEqualTo(1);
        assertThat(action().get("status")).isEqualTo("succeeded");
    }

    @Test
    void whoIsNotVerifiedOrHasNoUsableAccountGetsNoLink() {
        KEYCLOAK.user(email(), true, true);
        propose("acme", "password_reset", Map.of(), customer(false));
        assertThat(failed().code()).isEqualTo("customer_not_verified");

        actionId = UUID.randomUUID();
        propose("acme", "password_reset", Map.of(), customer(true));
        ActionFailed none = failed();
        assertThat(none.code()).isEqualTo("account_not_found");

        actionId = UUID.randomUUID();
        KEYCLOAK.user(email(), false, true);
        propose("acme", "password_reset", Map.of(), customer(true));
        assertThat(failed().reason()).isEqualTo(none.reason());
    }

    @Test
    void aPersonWithoutATicketNamesAnAddressThatMustBeAnAccounts() {
        String account = KEYCLOAK.user(email(), true, true);

        assertThat(asked(Map.of("email", email(), "reason", "called us")))
                .isInstanceOfSatisfying(Preparation.Ready.class, ready -> {
                    assertThat(ready.arguments())
                            .containsEntry("account_id", account)
                            .containsEntry("email", email())
                            .containsEntry("reason", "called us")
                            .containsEntry("provider", "keycloak")
                            .hasEntrySatisfying("place", place -> assertThat(place.toString())
                                    .endsWith("/shop"))
                            .hasSize(5);
                    assertThat(ready.target()).isEqualTo("account/" + account);
                });
        assertThat(asked(Map.of("email", "nobody@example.org")))
                .isInstanceOfSatisfying(Preparation.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("account_not_found"));
        assertThat(asked(Map.of()))
                .isInstanceOfSatisfying(Preparation.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("arguments_invalid"));
    }

    private Preparation asked(Map<String, Object> arguments) {
        return catalogue.get("acme", "password_reset").prepare(new Proposal("acme", arguments, null));
    }

    @Test
    void theCatalogueListsAClientsOwnActionsForThatClientOnly() {
        assertThat(catalogue.all("acme")).extracting(ActionKind::type).contains("http_credit", "password_reset");
        assertThat(catalogue.all("globex"))
                .extracting(ActionKind::type)
                .contains("bug_report")
                .noneMatch(type -> type.startsWith("http_"));
    }

    @Test
    void whereNoCallWasWrittenDownNothingWasDoneAndNobodyIsAsked() {
        assertThat(calls.ask("x", "acme", key(), Duration.ofHours(1), mark -> {
                    throw new IllegalStateException("asked");
                }))
                .isEmpty();
    }

    @Test
    void noTraceIsBelievedOnlyWhenTheCallHasSettledAndTheFirstMarkStays() {
        lose("first mark");
        lose("second mark");

        assertThatThrownBy(() -> calls.ask("x", "acme", key(), Duration.ofHours(1), mark -> Optional.empty()))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("too early");
        assertThat(calls.ask("x", "acme", key(), Duration.ZERO, mark -> Optional.empty()))
                .isEmpty();
        assertThat(calls.ask(
                        "x",
                        "acme",
                        key(),
                        Duration.ofHours(1),
                        mark -> Optional.of(new Answer.Done(Map.of("mark", mark)))))
                .contains(new Answer.Done(Map.of("mark", "first mark")));
        // Another client's calls are its own, whatever their keys.
        assertThat(calls.ask("x", "globex", key(), Duration.ofHours(1), mark -> Optional.of(new Answer.Done(Map.of()))))
                .isEmpty();
    }

    private void lose(String mark) {
        assertThatThrownBy(() -> calls.call("x", "acme", key(), () -> mark, () -> {
                    throw new OutcomeUnknownException("lost", new IllegalStateException());
                }))
                .isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void whatASystemPutOffWasNotDone() {
        assertThatThrownBy(() -> calls.call("x", "acme", key(), () -> "", () -> {
                    throw Faults.busy();
                }))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("takes no requests");

        assertThat(calls.ask("x", "acme", key(), Duration.ofHours(1), mark -> Optional.of(new Answer.Done(Map.of()))))
                .isEmpty();
    }

    private String key() {
        return "opsrelay-" + actionId;
    }

    @Test
    void whoTriesItOutHasReportsAndResetsInTheSandbox() {
        // given
        propose("trial", "bug_report", Map.of("title", "It breaks", "description", "Always"), customer(true));
        ActionPrepared report =
                events.await(ActionPrepared.class, e -> e.actionId().equals(actionId));
        assertThat(report.arguments()).containsEntry("provider", "sandbox").containsEntry("place", "trial");

        // when
        approve("trial", report);

        // then
        assertThat(succeeded().provider()).isEqualTo("sandbox");
        assertThat(succeeded().result().get("reference").toString()).matches("SANDBOX-[0-9]+");

        // when
        actionId = UUID.randomUUID();
        propose("trial", "password_reset", Map.of(), customer(true));
        ActionPrepared reset =
                events.await(ActionPrepared.class, e -> e.actionId().equals(actionId));
        approve("trial", reset);

        // then
        assertThat(succeeded().result())
                .containsEntry("account_id", reset.arguments().get("account_id"))
                .containsKey("note");
    }

    @Test
    void whatWasApprovedOfATypeThatIsGoneFailsAndSaysSo() {
        // given
        ActionPrepared prepared =
                prepared("http_credit", Map.of("account", "A-" + actionId, "points", 5), customer(true));
        JdbcClient.create(database.admin())
                .sql("update action.action set action_type = 'http_gone' where action_id = :action")
                .param("action", actionId)
                .update();

        // when
        approve(new ActionPrepared(
                prepared.actionId(),
                prepared.ticketId(),
                prepared.version(),
                "http_gone",
                prepared.arguments(),
                prepared.argumentsHash(),
                prepared.effect(),
                prepared.requester(),
                prepared.editor(),
                prepared.facts()));

        // then
        assertThat(failed().code()).isEqualTo("type_removed");
        assertThat(LOYALTY.credits).doesNotContainKey("opsrelay-" + actionId);
    }

    @Test
    void whichActionsHaveSomebodyWhoDoesThemIsToldWhenAClientIsFirstHeardOf() {
        // No event that this service acts upon.
        tell("trial");
        tell("newcomer");

        assertThat(offeredTo("trial")).contains("refund", "password_reset", "bug_report");
        assertThat(offeredTo("newcomer"))
                .contains("refund")
                .doesNotContain("password_reset", "bug_report", "restart_deployment", "http_credit");
        propose("acme", "refund", Map.of("order_id", "nowhere"), customer(true));
        assertThat(offeredTo("acme")).contains("http_credit", "password_reset", "bug_report");
    }

    private void tell(String clientId) {
        events.send(clientId, new RunStarted(UUID.randomUUID(), UUID.randomUUID(), "local"));
    }

    private List<String> offeredTo(String clientId) {
        String type = EventCatalog.typeOf(ActionsOffered.class).value();
        return ContractJson.mapper()
                .readValue(
                        kafka.await(
                                        Topics.TICKET,
                                        message -> type.equals(TestKafka.header(message, Headers.TYPE))
                                                && clientId.equals(TestKafka.header(message, Headers.CLIENT)))
                                .value(),
                        ActionsOffered.class)
                .types();
    }

    @Test
    void aClientWithoutSuchASystemIsToldSo() {
        propose("globex", "password_reset", Map.of(), customer(true));
        assertThat(failed().code()).isEqualTo("no_provider");

        actionId = UUID.randomUUID();
        propose("globex", "bug_report", Map.of("title", "x", "description", "y"), customer(true));
        assertThat(failed().code()).isEqualTo("no_provider");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DO_AND_BREAK", "DO_AND_HANG", "DO_AND_500", "FAIL", "TOO_MANY"})
    void aLinkIsSentOnceWhateverBecomesOfTheAnswer(Fault fault) {
        String account = KEYCLOAK.user(email(), true, true);
        ActionPrepared prepared = prepared("password_reset", Map.of(), customer(true));
        KEYCLOAK.next(fault);

        approve(prepared);

        assertThat(succeeded().result()).containsEntry("account_id", account);
        assertThat(linksTo(account)).isEqualTo(1);
        assertThat(events.all(ActionOutcomeUnknown.class, e -> e.actionId().equals(actionId)))
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DO_AND_BREAK", "DO_AND_HANG", "DO_AND_500", "DO_AND_HUGE", "DO_AND_GARBLE", "FAIL", "TOO_MANY"})
    void aBugIsReportedOnceWhateverBecomesOfTheAnswer(Fault fault) {
        String title = "Export fails " + actionId;
        ActionPrepared prepared = prepared(
                "bug_report", Map.of("title", title, "description", "500", "priority", "high"), customer(true));
        assertThat(prepared.effect().summary()).isEqualTo("File a bug report of priority high in acme/shop");
        GITHUB.next(fault);

        approve(prepared);

        ActionSucceeded done = succeeded();
        assertThat(GITHUB.issues())
                .filteredOn(issue -> issue.get("title").equals(title))
                .singleElement()
                .satisfies(issue -> {
                    assertThat(done.result()).containsEntry("reference", "#" + issue.get("number"));
                    assertThat(issue.get("body").toString()).contains("opsrelay-key: opsrelay-" + actionId);
                });
    }

    @Test
    void whatATrackerRefusesIsAFailureInItsWords() {
        ActionPrepared prepared = prepared("bug_report", Map.of("title", "x", "description", "y"), customer(false));
        GITHUB.next(Fault.REFUSE);

        approve(prepared);

        assertThat(failed().code()).isEqualTo("provider_refused");
        assertThat(failed().reason()).isEqualTo("github answered 422: cannot be");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DO_AND_BREAK", "DO_AND_HANG", "DO_AND_500", "FAIL"})
    void aClientsOwnActionIsDoneOnceWhateverBecomesOfTheAnswer(Fault fault) {
        String account = "A-" + actionId;
        ActionPrepared prepared = prepared("http_credit", Map.of("account", account, "points", 5), customer(true));
        assertThat(prepared.effect().summary())
                .isEqualTo("Credits points to a customer's account (its system says: \"5 points more\")");
        assertThat(prepared.effect().details()).containsEntry("before", 10).containsEntry("after", 15);
        assertThat(String.valueOf(prepared.effect().details().get("request")))
                .contains(
                        "method=POST", "/accounts/" + account + "/credits", "body={points=5}", "Authorization=[hidden]")
                .doesNotContain("loyal}", "Bearer");
        LOYALTY.next(fault);

        approve(prepared);

        assertThat(succeeded().result()).containsEntry("credit", "credit of opsrelay-" + actionId);
        assertThat(LOYALTY.credits).containsEntry("opsrelay-" + actionId, account + " 5");
        assertThat(LOYALTY.acts())
                .filteredOn(asked -> asked.path().contains(account))
                .isNotEmpty()
                .allSatisfy(asked -> {
                    assertThat(asked.header("idempotency-key")).isEqualTo("opsrelay-" + actionId);
                    assertThat(asked.header("authorization")).isEqualTo("Bearer loyal");
                    assertThat(asked.body()).isEqualTo("{\"points\":5}");
                });
    }

    @Test
    void anOwnActionIsBoundToTheRequestThatWasShownAndNoOtherIsSent() {
        ActionKind credit = catalogue.get("acme", "http_credit");
        Map<String, Object> approved = new LinkedHashMap<>(
                prepared("http_credit", Map.of("account", "A-" + actionId, "points", 5), customer(true))
                        .arguments());
        assertThat(approved.get("_request").toString()).matches("[0-9a-f]{64}");
        int before = LOYALTY.asked().size();

        // when: another request than this configuration makes of it
        approved.put("points", 50);

        // then
        assertThat(credit.execute("acme", key(), approved, text -> {}))
                .isInstanceOfSatisfying(Answer.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("request_changed"));
        assertThatThrownBy(() -> credit.find("acme", key(), approved, text -> {}))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("another request would be sent than was approved");
        assertThat(LOYALTY.asked()).hasSize(before);
    }

    @Test
    void anEditOfAnOwnActionIsRehearsedAndOnlyTheRequestThatItMakesIsSent() {
        // given
        String account = "A-" + actionId;
        ActionPrepared first = prepared("http_credit", Map.of("account", account, "points", 50), customer(true));
        assertThat(first.editable().get("properties").toString()).contains("account", "points");
        UUID approvalId = UUID.randomUUID();
        events.send(
                "acme",
                new ApprovalRequested(
                        approvalId,
                        actionId,
                        first.ticketId(),
                        1,
                        "http_credit",
                        "financial",
                        Instant.now().plusSeconds(600)));
        await().until(() -> "awaiting_approval".equals(action().get("status")));

        // when
        events.send(
                "acme",
                new ApprovalEdited(
                        approvalId, actionId, first.ticketId(), 1, Map.of("points", 5), Grants.APPROVER, "less"));

        // then
        ActionPrepared second =
                events.await(ActionPrepared.class, e -> e.actionId().equals(actionId) && e.version() == 2);
        assertThat(second.arguments()).containsEntry("points", 5).containsEntry("account", account);
        assertThat(second.arguments().get("_request"))
                .isNotEqualTo(first.arguments().get("_request"));
        assertThat(second.effect().details()).containsEntry("after", 15);
        assertThat(second.argumentsHash()).isNotEqualTo(first.argumentsHash());

        // when: the grant of what was edited, then that of the edit
        approve(first);
        approve(second);

        // then
        succeeded();
        assertThat(LOYALTY.credits).containsEntry("opsrelay-" + actionId, account + " 5");
        assertThat(LOYALTY.acts())
                .filteredOn(asked -> asked.path().contains(account))
                .hasSize(1);
    }

    @Test
    void anEditedBugReportIsFiledAsItWasEdited() {
        // given
        String title = "Export fails " + actionId;
        ActionPrepared first =
                prepared("bug_report", Map.of("title", "It broke", "description", "500"), customer(true));
        UUID approvalId = UUID.randomUUID();
        events.send(
                "acme",
                new ApprovalRequested(
                        approvalId,
                        actionId,
                        first.ticketId(),
                        1,
                        "bug_report",
                        "technical",
                        Instant.now().plusSeconds(600)));
        await().until(() -> "awaiting_approval".equals(action().get("status")));

        // when
        events.send(
                "acme",
                new ApprovalEdited(
                        approvalId, actionId, first.ticketId(), 1, Map.of("title", title), Grants.APPROVER, "clearer"));
        approve(events.await(ActionPrepared.class, e -> e.actionId().equals(actionId) && e.version() == 2));

        // then
        succeeded();
        assertThat(GITHUB.issues())
                .filteredOn(issue -> issue.get("title").equals(title))
                .hasSize(1);
    }

    @Test
    void moneyThatAnOwnActionMovesIsCounted() {
        ActionPrepared prepared =
                prepared("http_payout", Map.of("account", "A-" + actionId, "sum", "12.50"), customer(true));

        assertThat(prepared.effect().money()).isEqualTo(new Money(new BigDecimal("12.50"), "EUR"));

        actionId = UUID.randomUUID();
        propose("acme", "http_payout", Map.of("account", "A-" + actionId, "sum", "12.505"), customer(true));
        assertThat(failed().reason()).isEqualTo("sum has more decimals than the 2 of EUR");
    }

    @Test
    void whereNothingTellsWhatBecameOfACallItStaysUnknownAndIsNotRepeated() {
        String account = "A-" + actionId;
        ActionPrepared prepared = prepared("http_silent", Map.of("account", account, "points", 5), customer(true));
        LOYALTY.next(Fault.DO_AND_BREAK);

        approve(prepared);

        events.await(ActionOutcomeUnknown.class, e -> e.actionId().equals(actionId));
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(60)).until(() -> "unknown"
                .equals(action().get("status")));
        assertThat(LOYALTY.acts())
                .filteredOn(asked -> asked.path().contains(account))
                .hasSize(1);
    }

    @Test
    void aDryRunThatIsRefusedEndsTheActionBeforeAnybodyIsAsked() {
        propose("acme", "http_credit", Map.of("account", "blocked", "points", 5), customer(true));

        assertThat(failed().code()).isEqualTo("dry_run_refused");
        assertThat(failed().reason()).contains("this account is blocked");
    }

    @Test
    void anActionIsItsClientsAlone() {
        propose("globex", "http_credit", Map.of("account", "A", "points", 5), customer(true));

        assertThat(failed().code()).isEqualTo("unknown_action_type");
    }

    @Test
    void badArgumentsOfAnOwnActionAreRefusedAndNothingIsAsked() {
        int before = LOYALTY.asked().size();
        propose("acme", "http_credit", Map.of("account", "..", "points", 5), customer(true));
        assertThat(failed().reason()).isEqualTo("account must not lead elsewhere");

        actionId = UUID.randomUUID();
        propose("acme", "http_credit", Map.of("account", "A", "points", -5), customer(true));
        assertThat(failed().code()).isEqualTo("arguments_invalid");
        assertThat(LOYALTY.asked()).hasSize(before);
    }

    private String email() {
        return "mary-" + actionId + "@example.org";
    }

    private Customer customer(boolean verified) {
        return new Customer(UUID.randomUUID(), "Mary-" + actionId + "@example.org", verified);
    }

    private ActionPrepared prepared(String type, Map<String, Object> arguments, Customer customer) {
        propose("acme", type, arguments, customer);
        return events.await(ActionPrepared.class, e -> e.actionId().equals(actionId));
    }

    private void propose(String client, String type, Map<String, Object> arguments, Customer customer) {
        events.send(client, proposal(type, arguments, customer));
    }

    private ActionProposed proposal(String type, Map<String, Object> arguments, Customer customer) {
        return new ActionProposed(
                actionId,
                UUID.randomUUID(),
                UUID.randomUUID(),
                type,
                new LinkedHashMap<>(arguments),
                "ai:luna",
                customer,
                null);
    }

    private void approve(ActionPrepared prepared) {
        approve("acme", prepared);
    }

    private void approve(String client, ActionPrepared prepared) {
        UUID approvalId = UUID.randomUUID();
        events.send(
                client, Grants.event(approvalId, prepared, Grants.sign(Grants.claims(client, approvalId, prepared))));
    }

    private ActionSucceeded succeeded() {
        return events.await(ActionSucceeded.class, e -> e.actionId().equals(actionId));
    }

    private ActionFailed failed() {
        return events.await(ActionFailed.class, e -> e.actionId().equals(actionId));
    }

    private Api.Answer action() {
        return Api.of(port, "acme", Role.ADMIN).get("/api/v1/actions/" + actionId);
    }

    private static long linksTo(String account) {
        return KEYCLOAK.links().stream().filter(account::equals).count();
    }

    /** A client's own system: keeps keys, and rehearses. */
    private static final class Loyalty extends FakeServer {

        private final Map<String, String> credits = new ConcurrentHashMap<>();

        @Override
        protected boolean acts(Asked asked) {
            return asked.path().startsWith("/accounts/");
        }

        @Override
        protected Told answer(Asked asked) {
            if (asked.path().equals("/rehearse")) {
                return asked.json().path("account").asString().equals("blocked")
                        ? Told.json(409, Map.of("detail", "this account is blocked"))
                        : Told.json(
                                200,
                                Map.of(
                                        "summary",
                                        asked.json().path("points").asInt() + " points more",
                                        "before",
                                        10,
                                        "after",
                                        10 + asked.json().path("points").asInt()));
            }
            if (asked.path().startsWith("/credits/")) {
                String key = asked.path().substring("/credits/".length());
                return credits.containsKey(key)
                        ? Told.json(200, Map.of("id", "credit of " + key))
                        : Told.json(404, "{}");
            }
            String key = asked.header("idempotency-key");
            credits.putIfAbsent(
                    key,
                    asked.path().split("/")[2] + " "
                            + asked.json().path("points").asInt());
            return Told.json(201, Map.of("id", "credit of " + key));
        }
    }
}
