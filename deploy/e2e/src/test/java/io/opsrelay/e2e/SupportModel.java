package io.opsrelay.e2e;

import io.opsrelay.testing.FakeModelServer.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model that does what its rules say, always the same for the same conversation, and takes its time. */
final class SupportModel implements Function<JsonNode, Reply> {

    /** As long as real ones take: with a few tickets a second, several questions are under way at any moment. */
    private static final Duration THINKING = Duration.ofSeconds(2);

    private static final Pattern ORDER = Pattern.compile("A-\\d{4}");
    private static final String REFUNDED = "process_refund was carried out: ";

    @Override
    public Reply apply(JsonNode request) {
        String ticket = "";
        String result = null;
        for (JsonNode message : request.path("messages")) {
            String content = message.path("content").asString("");
            switch (message.path("role").asString("")) {
                case "user" -> ticket = content;
                case "tool" -> result = content;
                default -> {}
            }
        }
        return (result == null ? first(ticket) : next(result)).after(THINKING);
    }

    private static Reply first(String ticket) {
        Matcher order = ORDER.matcher(ticket);
        return order.find()
                ? Reply.call("process_refund", Map.of("order_id", order.group(), "reason", "it came in pieces"))
                : Reply.call("search_knowledge_base", Map.of("query", "How long do refunds take?"));
    }

    private static Reply next(String result) {
        if (result.startsWith(REFUNDED)) {
            JsonNode refund = JsonMapper.shared().readTree(result.substring(REFUNDED.length()));
            return reply(
                    "We have refunded %s %s, reference %s."
                            .formatted(
                                    refund.path("amount").asString(""),
                                    refund.path("currency").asString(""),
                                    refund.path("refund_id").asString("")),
                    "");
        }
        if (result.startsWith("process_refund was refused by a person")) {
            return reply("We cannot pay for this order.", "");
        }
        return result.startsWith("[p1]")
                ? reply("Please see our rules for refunds.", "p1")
                : Reply.call("escalate_to_human", Map.of("reason", "nothing fits"));
    }

    private static Reply reply(String text, String passages) {
        return Reply.call("reply_to_customer", Map.of("text", text, "passages", passages));
    }
}
