package io.opsrelay.approval.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Money;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluatorTest {

    private static final Instant MONDAY_NOON = Instant.parse("2026-11-23T12:00:00Z");

    /** The shipped policy, as a table: what is asked by whom, and what comes of it. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        # type,              category,    amount,    requester, verified, outside, glass, verdict
        bug_report,          technical,   -,         ai:luna,   false,    false,   false, allow bug-report-allowed
        send_status,         information, -,         ai:luna,   false,    false,   false, allow information-allowed
        hand_over,           escalation,  -,         ai:luna,   false,    false,   false, allow escalation-allowed
        password_reset,      account,     -,         ai:luna,   true,     false,   false, allow password-reset-of-verified-customer-allowed
        password_reset,      account,     -,         ai:luna,   false,    false,   false, 1 approver password-reset-needs-person
        refund,              financial,   0.01 EUR,  ai:luna,   true,     false,   false, 1 approver refund-needs-person
        refund,              financial,   500 EUR,   ai:luna,   true,     false,   false, 1 approver refund-needs-person
        refund,              financial,   500.01 EUR,ai:luna,   true,     false,   false, 2 approver refund-needs-two-people
        refund,              financial,   500 USD,   user:a,    true,     false,   false, 1 approver refund-needs-person-usd
        refund,              financial,   1 PLN,     ai:luna,   true,     false,   false, 2 approver refund-needs-two-people
        refund,              financial,   10 EUR,    user:a,    true,     false,   true,  1 approver refund-needs-person
        refund,              information, 10 EUR,    ai:luna,   true,     false,   false, 1 approver refund-needs-somebody
        refund,              financial,   0 EUR,     ai:luna,   true,     false,   false, deny refund-moves-something
        refund,              financial,   -5 EUR,    ai:luna,   true,     false,   false, deny refund-moves-something
        refund,              financial,   -,         ai:luna,   true,     false,   false, 2 approver refund-needs-two-people
        restart_deployment,  operations,  -,         user:sre,  false,    false,   false, allow own-deployment-action-allowed
        rollout_restart,     operations,  -,         user:sre,  false,    false,   false, allow own-deployment-action-allowed
        scale_deployment,    operations,  -,         user:sre,  false,    false,   false, allow own-deployment-action-allowed
        rollback_deployment, operations,  -,         user:sre,  false,    false,   false, allow own-deployment-action-allowed
        scale_deployment,    operations,  -,         user:sre,  false,    true,    false, 1 sre outside-guardrails-needs-second-person
        scale_deployment,    operations,  -,         user:adm,  false,    true,    true,  allow break-glass
        scale_deployment,    operations,  -,         ai:flora,  false,    false,   true,  1 sre deployment-proposal-needs-sre
        restart_deployment,  operations,  -,         ai:flora,  false,    false,   false, 1 sre deployment-proposal-needs-sre
        void_invoice,        financial,   10 EUR,    ai:luna,   true,     false,   false, 1 approver financial-needs-approver
        lock_account,        account,     -,         ai:luna,   true,     false,   false, 1 approver account-needs-approver
        purge_cache,         technical,   -,         user:a,    false,    false,   false, 1 sre operations-need-sre
        drain_node,          operations,  -,         ai:flora,  false,    false,   false, 1 sre operations-need-sre
        launch_rocket,       -,           -,         ai:luna,   true,     false,   false, deny no-rule-matched
        'refund ',           -,           -,         ai:luna,   true,     false,   false, deny no-rule-matched
        """)
    void theShippedPolicySays(
            String type,
            String category,
            String amount,
            String requester,
            boolean verified,
            boolean outside,
            boolean glass,
            String verdict) {
        Subject subject = new Subject(
                type,
                category,
                amount == null ? null : money(amount),
                null,
                null,
                null,
                requester,
                verified,
                outside,
                glass,
                MONDAY_NOON);

        assertThat(inShort(Evaluator.evaluate(ShippedPolicy.policy(), subject))).isEqualTo(verdict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart_deployment", "rollout_restart", "scale_deployment", "rollback_deployment"})
    void fromWritersThatTellNoFactsTheTypeSaysWhatItIs(String type) {
        assertThat(inShort(ask(ShippedPolicy.policy(), prepared(type, "ai:flora", Map.of(), null))))
                .isEqualTo("1 sre deployment-proposal-needs-sre");
        assertThat(inShort(ask(
                        ShippedPolicy.policy(),
                        prepared(type, "user:sre", Map.of("outside_guardrails", List.of("protected")), null))))
                .isEqualTo("1 sre outside-guardrails-needs-second-person");
    }

    @Test
    void theFactsOfThePreparationAreWhatPolicyAsksAbout() {
        ActionFacts facts = new ActionFacts(
                "account", "high", false, "account/7", "production", 0.4, true, "the identity provider is on fire");

        Subject subject = Subject.of(prepared("lock_account", "user:adm", Map.of(), facts), MONDAY_NOON);

        assertThat(subject)
                .isEqualTo(new Subject(
                        "lock_account",
                        "account",
                        null,
                        "account/7",
                        "production",
                        0.4,
                        "user:adm",
                        true,
                        false,
                        true,
                        MONDAY_NOON));
    }

    /** Each condition by itself: a rule with it and nothing else, and an action that it is asked about. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"action_types": ["drain_node"]}                                   | true
        {"action_types": ["drain_nodes"]}                                  | false
        {"categories": ["financial", "operations"]}                        | true
        {"categories": ["financial"]}                                      | false
        {"amount": {"over": "99.99", "currency": "EUR"}}                   | true
        {"amount": {"over": "100", "currency": "EUR"}}                     | false
        {"amount": {"up_to": "100.00", "currency": "EUR"}}                 | true
        {"amount": {"up_to": "99.99", "currency": "EUR"}}                  | false
        {"amount": {"over": "50", "up_to": "100", "currency": "EUR"}}      | true
        {"amount": {"up_to": "1000", "currency": "USD"}}                   | false
        {"targets": ["kubernetes/prod/shop/web"]}                          | true
        {"targets": ["kubernetes/prod/*"]}                                 | true
        {"targets": ["kubernetes/prod"]}                                   | false
        {"targets": ["kubernetes/test/*", "order/*"]}                      | false
        {"targets": ["*"]}                                                 | true
        {"environments": ["production"]}                                   | true
        {"environments": ["test"]}                                         | false
        {"confidence_below": 0.71}                                         | true
        {"confidence_below": 0.7}                                          | false
        {"confidence_at_least": 0.7}                                       | true
        {"confidence_at_least": 0.71}                                      | false
        {"personas": ["flora"]}                                            | true
        {"personas": ["luna"]}                                             | false
        {"requesters": ["ai"]}                                             | true
        {"requesters": ["user"]}                                           | false
        {"requesters": ["ai:flora"]}                                       | true
        {"requesters": ["ai:flor"]}                                        | false
        {"time_window": {"days": ["mon"], "zone": "UTC"}}                  | true
        {"time_window": {"days": ["tue"], "zone": "UTC"}}                  | false
        {"customer_verified": false}                                       | true
        {"customer_verified": true}                                        | false
        {"outside_guardrails": true}                                       | true
        {"outside_guardrails": false}                                      | false
        {"break_glass": false}                                             | true
        {"break_glass": true}                                              | false
        {"personas": ["flora"], "environments": ["test"]}                  | false
        {}                                                                 | true
        """)
    void aConditionHoldsOrNot(String when, boolean expected) {
        Subject subject = new Subject(
                "drain_node",
                "operations",
                money("100.00 EUR"),
                "kubernetes/prod/shop/web",
                "production",
                0.7,
                "ai:flora",
                false,
                true,
                false,
                MONDAY_NOON);
        Evaluation evaluation = Evaluator.evaluate(policy(rule("only", when, "{\"decision\": \"deny\"}")), subject);

        assertThat(evaluation.looked().getFirst().matches()).isEqualTo(expected);
        assertThat(evaluation.verdict().rule()).isEqualTo(expected ? "only" : Evaluator.NO_RULE);
        assertThat(evaluation.looked().getFirst().checks())
                .allSatisfy(check -> assertThat(check.because()).startsWith("wants "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"targets\": [\"*\"]}",
                "{\"environments\": [\"production\"]}",
                "{\"confidence_below\": 1.0}",
                "{\"confidence_at_least\": 0.0}",
                "{\"categories\": [\"operations\"]}",
                "{\"amount\": {\"over\": \"0\", \"currency\": \"EUR\"}}",
                "{\"personas\": [\"flora\"]}"
            })
    void whatIsNotKnownMatchesNoCondition(String when) {
        Subject unknown =
                new Subject("drain_node", null, null, null, null, null, "user:a", false, false, false, MONDAY_NOON);

        assertThat(Evaluator.evaluate(policy(rule("only", when, "{\"decision\": \"deny\"}")), unknown)
                        .verdict()
                        .rule())
                .isEqualTo(Evaluator.NO_RULE);
    }

    @Test
    void theFirstRuleThatMatchesDecidesAndThoseBehindItAreNotAsked() {
        Policy policy = policy(
                rule("not-this", "{\"environments\": [\"test\"]}", "{\"decision\": \"deny\"}"),
                rule(
                        "this",
                        "{\"action_types\": [\"drain_node\"]}",
                        "{\"decision\": \"deny\", \"reason\": \"frozen\"}"),
                rule("behind", "{\"action_types\": [\"drain_node\"]}", "{\"decision\": \"allow\"}"));

        Evaluation evaluation = Evaluator.evaluate(policy, subject("drain_node", null));

        assertThat(evaluation.verdict()).isEqualTo(new Verdict.Deny("this", "frozen"));
        assertThat(evaluation.looked()).extracting(Looked::rule).containsExactly("not-this", "this");
        assertThat(evaluation.looked().getFirst().checks())
                .containsExactly(new Check("environments", false, "wants test; nothing is known of it"));
    }

    @Test
    void aRefundInACurrencyThatNoTierNamesTakesTheApproversOfTheHighestTier() {
        Policy policy = policy(
                rule(
                        "large",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"over\": \"1000\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"approve\", \"approvers\": {\"count\": 3, \"roles\": [\"admin\"]}}"),
                rule(
                        "any",
                        "{\"action_types\": [\"refund\"]}",
                        "{\"decision\": \"approve\", \"approvers\": {\"roles\": [\"approver\"]}}"));

        assertThat(inShort(Evaluator.evaluate(policy, subject("refund", "10 EUR"))))
                .isEqualTo("1 approver any");
        Evaluation dollars = Evaluator.evaluate(policy, subject("refund", "10 USD"));
        assertThat(inShort(dollars)).isEqualTo("3 admin large");
        assertThat(dollars.notes()).singleElement().asString().contains("no rule names an amount in USD");
        assertThat(dollars.looked().getFirst().checks().getLast().because()).contains("another currency");
    }

    @Test
    void whereOnlyTiersSpeakOfRefundsAnUnknownCurrencyIsNotDeniedButTakesTheHighest() {
        Policy policy = policy(
                rule(
                        "small",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"up_to\": \"100\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"approve\", \"approvers\": {\"roles\": [\"approver\"]}}"),
                rule(
                        "more",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"over\": \"100\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"approve\", \"approvers\": {\"count\": 2, \"roles\": [\"approver\"]}}"));

        assertThat(inShort(Evaluator.evaluate(policy, subject("refund", "10 USD"))))
                .isEqualTo("2 approver more");
    }

    @Test
    void aTierThatForbidsHoldsInCurrenciesOfWhichNoRuleSpeaks() {
        Policy policy = policy(
                rule(
                        "small",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"up_to\": \"1000\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"approve\", \"approvers\": {\"roles\": [\"approver\"]}}"),
                rule(
                        "never",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"over\": \"1000\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"deny\"}"),
                rule(
                        "else",
                        "{\"action_types\": [\"refund\"]}",
                        "{\"decision\": \"approve\", \"approvers\": {\"roles\": [\"approver\"]}}"));

        assertThat(inShort(Evaluator.evaluate(policy, subject("refund", "5000000 USD"))))
                .isEqualTo("deny never");
    }

    @Test
    void anAdminIsStricterThanAnApproverWhereNoRuleSpeaksOfTheCurrency() {
        Policy policy = policy(
                rule(
                        "small",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"up_to\": \"100\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"approve\", \"approvers\": {\"roles\": [\"approver\"]}}"),
                rule(
                        "more",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"over\": \"100\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"approve\", \"approvers\": {\"roles\": [\"admin\"]}}"),
                rule(
                        "else",
                        "{\"action_types\": [\"refund\"]}",
                        "{\"decision\": \"approve\", \"approvers\": {\"roles\": [\"approver\"]}}"));

        assertThat(inShort(Evaluator.evaluate(policy, subject("refund", "1000000 USD"))))
                .isEqualTo("1 admin more");
    }

    @Test
    void aForbiddenRefundStaysForbiddenInEveryCurrency() {
        Policy policy = policy(
                rule("frozen", "{\"action_types\": [\"refund\"]}", "{\"decision\": \"deny\"}"),
                rule(
                        "more",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"over\": \"100\", \"currency\": \"EUR\"}}",
                        "{\"decision\": \"approve\", \"approvers\": {\"count\": 2, \"roles\": [\"approver\"]}}"));

        assertThat(inShort(Evaluator.evaluate(policy, subject("refund", "10 USD"))))
                .isEqualTo("deny frozen");
    }

    @Test
    void aRuleIsToldInWords() {
        assertThat(Words.of(rule(
                        "r",
                        "{\"action_types\": [\"refund\"], \"amount\": {\"over\": \"100\", \"up_to\": \"500\","
                                + " \"currency\": \"EUR\"}, \"customer_verified\": false}",
                        "{\"decision\": \"approve\", \"approvers\": {\"count\": 2, \"roles\": [\"approver\"]}}")))
                .isEqualTo("When the action is refund and the amount is over 100 up to 500 EUR and the customer is not"
                        + " verified: 2 people, each with the role approver or admin, must approve.");
    }

    @Test
    void theTermsOfTheRuleGoWithTheVerdict() {
        Verdict verdict = Evaluator.evaluate(ShippedPolicy.policy(), subject("refund", "10 EUR"))
                .verdict();

        assertThat(((Verdict.RequirePeople) verdict).terms())
                .isEqualTo(new Verdict.Terms(null, Duration.ofHours(4), Duration.ofHours(12), Set.of(Role.ADMIN)));
    }

    @ParameterizedTest
    @EnumSource(value = Role.class, names = "OPERATOR", mode = EnumSource.Mode.EXCLUDE)
    void onlyTheRoleAskedForOrAnAdminMayDecide(Role role) {
        Caller caller = new Caller("acme", "somebody", Set.of(role), Instant.MAX);

        assertThat(Verdict.mayDecide(caller, Set.of(Role.APPROVER)))
                .isEqualTo(role == Role.APPROVER || role == Role.ADMIN);
    }

    private static Evaluation ask(Policy policy, ActionPrepared action) {
        return Evaluator.evaluate(policy, Subject.of(action, MONDAY_NOON));
    }

    private static String inShort(Evaluation evaluation) {
        return switch (evaluation.verdict()) {
            case Verdict.Allow allow -> "allow " + allow.rule();
            case Verdict.Deny deny -> "deny " + deny.rule();
            case Verdict.RequirePeople people ->
                people.count() + " " + people.roles().iterator().next().wireName() + " " + people.rule();
        };
    }

    private static Subject subject(String type, String amount) {
        return new Subject(
                type,
                Subject.categoryOf(type),
                amount == null ? null : money(amount),
                null,
                null,
                null,
                "ai:luna",
                true,
                false,
                false,
                MONDAY_NOON);
    }

    private static Money money(String text) {
        return new Money(new BigDecimal(text.split(" ")[0]), text.split(" ")[1]);
    }

    private static Policy policy(Rule... rules) {
        return new Policy(List.of(rules));
    }

    private static Rule rule(String name, String when, String then) {
        return new Rule(
                name,
                ContractJson.mapper().readValue(when, When.class),
                ContractJson.mapper().readValue(then, Then.class));
    }

    private static ActionPrepared prepared(
            String type, String requester, Map<String, Object> details, ActionFacts facts) {
        return new ActionPrepared(
                UUID.randomUUID(),
                UUID.randomUUID(),
                1,
                type,
                Map.of(),
                "0".repeat(64),
                new Effect("what it would do", null, details),
                requester,
                null,
                facts);
    }
}
