package io.opsrelay.approval.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.approval.notification.Notice;
import io.opsrelay.security.Role;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LetterTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final UUID APPROVAL = UUID.fromString("0199aaaa-0000-7000-8000-000000000001");

    @Test
    void oneRequestSaysWhatIsAskedByWhichRuleUntilWhenAndWhere() {
        Letter letter = letter(requested(APPROVAL, "Refund 25.00 EUR of order A-1"));

        assertThat(letter.subject()).isEqualTo("Approval needed: Refund 25.00 EUR of order A-1");
        assertThat(letter.text()).isEqualTo("""
                Approval needed: Refund 25.00 EUR of order A-1

                Approval needed
                Effect: Refund 25.00 EUR of order A-1
                Action: refund
                Rule that asked: refund-needs-person
                Deadline: 2026-11-27 12:00 UTC
                https://ops.example.com/approvals/0199aaaa-0000-7000-8000-000000000001

                --\s
                To decide, sign in to OpsRelay. This mail was sent automatically; answers are not read.
                """);
        assertThat(letter.html())
                .contains("<li>Effect: Refund 25.00 EUR of order A-1</li>")
                .contains("<a href=\"https://ops.example.com/approvals/0199aaaa-0000-7000-8000-000000000001\">");
    }

    @Test
    void whatOthersWroteIsTextAndNothingElse() {
        Letter letter = letter(
                requested(APPROVAL, "<script>alert(1)</script>\r\nBcc: everybody@example.com\u2028\" onload=\"x"));

        assertThat(letter.subject()).doesNotContain("\r", "\n", "\u2028");
        assertThat(letter.html())
                .doesNotContain("<script>", "\" onload")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;");
    }

    @Test
    void nothingIsSaidThatADashboardsListDoesNotShow() {
        Map<String, Object> data = new LinkedHashMap<>(data("Refund 25.00 EUR"));
        data.put("arguments", Map.of("customer_email", "jane@example.org"));
        data.put("reason", "Jane Doe is ill");
        data.put("approve_url", "https://evil.example.com");

        Told told = Told.of(
                new Notice("approval.decided", APPROVAL, null, data, Set.of(Role.APPROVER)),
                APPROVAL,
                "a@b.example",
                NOW);

        assertThat(told.data()).containsOnlyKeys("effect", "action_type", "rule", "expires_at");
        assertThat(letter(told).text()).doesNotContain("jane", "Jane", "evil");
    }

    @Test
    void manyRequestsSayHowManyWait() {
        List<Told> many = IntStream.range(0, 25)
                .mapToObj(i -> requested(UUID.randomUUID(), "Refund " + i + ".00 EUR"))
                .toList();

        Letter letter = Letter.of(many, LetterTest::link);

        assertThat(letter.subject()).isEqualTo("25 requests wait for a decision");
        assertThat(letter.text()).contains("Refund 19.00 EUR").doesNotContain("Refund 20.00 EUR");
        assertThat(letter.text()).contains("and 5 more: https://ops.example.com/approvals\n");
        assertThat(letter.html()).contains(">and 5 more</a>");
    }

    @Test
    void ofOneRequestOnlyTheNewestIsTold() {
        Told requested = requested(APPROVAL, "Refund 25.00 EUR");
        Told decided = told("approval.decided", APPROVAL, Map.of("effect", "Refund 25.00 EUR", "status", "approved"));

        assertThat(letter(requested, decided).subject()).isEqualTo("Approval decided (approved): Refund 25.00 EUR");
        assertThat(letter(requested, decided, requested(UUID.randomUUID(), "Restart"))
                        .subject())
                .isEqualTo("1 request waits for a decision, 1 other notice");
        assertThat(letter(decided, told("policy.changed", UUID.randomUUID(), Map.of()))
                        .subject())
                .isEqualTo("2 notices");
    }

    @Test
    void aTypeThatIsNotListedYetIsToldByItsName() {
        assertThat(letter(told("action.rolled_back", APPROVAL, Map.of())).subject())
                .isEqualTo("action.rolled_back");
    }

    @Test
    void aLongEffectIsCut() {
        assertThat(letter(requested(APPROVAL, "x".repeat(5_000))).subject())
                .hasSize(150)
                .endsWith("…");
    }

    private static Letter letter(Told... notices) {
        return Letter.of(Stream.of(notices).toList(), LetterTest::link);
    }

    private static String link(String path) {
        return "https://ops.example.com" + path;
    }

    private static Told requested(UUID subject, String effect) {
        return told("approval.requested", subject, data(effect));
    }

    private static Map<String, Object> data(String effect) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("effect", effect);
        data.put("action_type", "refund");
        data.put("rule", "refund-needs-person");
        data.put("expires_at", "2026-11-27T12:00:00Z");
        return data;
    }

    private static Told told(String type, UUID subject, Map<String, Object> data) {
        return Told.of(
                new Notice(type, subject, null, data, Set.of(Role.APPROVER)), UUID.randomUUID(), "a@b.example", NOW);
    }
}
