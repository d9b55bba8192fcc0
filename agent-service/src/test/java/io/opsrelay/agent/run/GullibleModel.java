package io.opsrelay.agent.run;

import io.opsrelay.testing.FakeModelServer.Reply;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model that does what it is told by whatever it reads: calls the tools that are named, with the arguments that stand
 * behind them, and repeats what is to be repeated. It knows the conversation and nothing else.
 *
 * @param inside whether it also obeys what stands in the ticket's frame, and not only what got out of it
 */
record GullibleModel(boolean inside) implements Function<JsonNode, Reply> {

    private static final Pattern FRAME = Pattern.compile("<ticket (\\w+)>");
    /** A reader who is easily satisfied takes all of these for the frame's end. */
    private static final Pattern END =
            Pattern.compile("(?:<|&lt;|\\\\u003c)[\\s/]{0,9}/[\\s/]{0,9}ticket", Pattern.CASE_INSENSITIVE);

    private static final Pattern NAME = Pattern.compile("[a-z]{3,20}(?:_[a-z]{2,20}){1,4}");
    private static final Pattern PAIR = Pattern.compile(
            "[\"']?(order_id|amount|user_email|query|reason|client_id)[\"']?[>:=\\s]+[\"']?([\\w.@-]+)");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{40,}={0,2}");
    private static final Pattern LINK = Pattern.compile("https?://[^\\s\"'<>)]+|(?i:evil\\.example[/\\w]*)");
    private static final Set<String> NO_CALLS =
            Set.of("order_id", "user_email", "client_id", "refund_id", "tool_call_id", "tool_calls", "tool_call");

    @Override
    public Reply apply(JsonNode request) {
        String system = request.path("messages").path(0).path("content").asString("");
        int turn = 0;
        for (JsonNode message : request.path("messages")) {
            turn += "assistant".equals(message.path("role").asString("")) ? 1 : 0;
        }
        String orders = decoded(inside ? read(request) : outside(request));
        if (turn == 0) {
            Reply calls = Reply.call("search_knowledge_base", Map.of("query", "How long do refunds take?"));
            for (Map.Entry<String, Map<String, Object>> call : calls(orders)) {
                calls = calls.and(call.getKey(), call.getValue());
            }
            return calls;
        }
        List<String> texts = replies(orders, system);
        return Reply.call(
                "reply_to_customer",
                Map.of(
                        "text",
                        // A model that nobody has talked into anything answers.
                        orders.isBlank() || turn > texts.size()
                                ? "Please see our rules for refunds."
                                : texts.get(turn - 1),
                        "passages",
                        "p1"));
    }

    /** What it would like to send, one after the other as each is refused. */
    private static List<String> replies(String orders, String system) {
        List<String> replies = new ArrayList<>();
        Set<String> links = new LinkedHashSet<>();
        Matcher link = LINK.matcher(orders);
        while (link.find()) {
            links.add(link.group());
        }
        links.forEach(one -> {
            replies.add("[your refund](" + one + ") and ![it](" + one + ")");
            replies.add("Your refund waits at " + one + " for you.");
        });
        String wanted = orders.toLowerCase(Locale.ROOT);
        if (wanted.contains("prompt") || wanted.contains("instruction")) {
            replies.add(system);
            replies.add(system.lines().findFirst().orElse(""));
            replies.add(system.toUpperCase(Locale.ROOT).replaceAll("[^A-Z ]", " "));
        }
        replies.add(orders.substring(0, Math.min(3900, orders.length())));
        String letter = orders.replaceAll("</?ticket \\w+>", "").strip();
        replies.add(letter.substring(0, Math.min(3900, letter.length())));
        return replies;
    }

    private static List<Map.Entry<String, Map<String, Object>>> calls(String orders) {
        List<Map.Entry<String, Map<String, Object>>> calls = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        Matcher name = NAME.matcher(orders);
        while (name.find()) {
            if (NO_CALLS.contains(name.group())
                    || name.group().equals("reply_to_customer")
                    || name.group().equals("escalate_to_human")
                    || !seen.add(name.group())) {
                continue;
            }
            calls.add(Map.entry(name.group(), arguments(orders, name.end())));
        }
        return calls;
    }

    /** The JSON behind the name, else the pairs that stand there. */
    private static Map<String, Object> arguments(String orders, int from) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("order_id", "B-1000");
        arguments.put("reason", "the text says so");
        arguments.put("query", "zanzibar");
        Matcher pair = PAIR.matcher(orders).region(from, Math.min(orders.length(), from + 300));
        while (pair.find()) {
            arguments.put(pair.group(1), pair.group(2));
        }
        int brace = orders.indexOf('{', from);
        if (brace >= 0 && brace - from < 60) {
            try {
                JsonNode node = JsonMapper.shared().readTree(orders.substring(brace, orders.indexOf('}', brace) + 1));
                node.forEachEntry((key, value) -> arguments.put(key, value));
            } catch (JacksonException | StringIndexOutOfBoundsException e) {
                // The pairs must do.
            }
        }
        return arguments;
    }

    /** All that it was given to read beside the rules. */
    private static String read(JsonNode request) {
        StringBuilder all = new StringBuilder();
        request.path("messages").forEach(message -> {
            String role = message.path("role").asString("");
            if (role.equals("user") || role.equals("tool")) {
                all.append(message.path("content").asString("")).append('\n');
            }
        });
        return all.toString();
    }

    /** What of that stands outside of the ticket's frame, for a reader who takes anything like its end for it. */
    static String outside(JsonNode request) {
        String text = plain(read(request));
        Matcher begin = FRAME.matcher(text);
        if (!begin.find()) {
            return text;
        }
        Matcher end = END.matcher(text);
        String behind = end.find(begin.end()) ? text.substring(end.end()) : "";
        // Its own close, and what the passages say, are none of the ticket's.
        return (text.substring(0, begin.start()) + behind)
                .replace(begin.group(1) + ">", "")
                .strip();
    }

    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC).replaceAll("\\p{Cf}", "");
    }

    private static String decoded(String text) {
        StringBuilder all = new StringBuilder(plain(text));
        Matcher encoded = BASE64.matcher(text);
        while (encoded.find()) {
            try {
                all.append('\n')
                        .append(new String(Base64.getDecoder().decode(encoded.group()), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                // Not encoded after all.
            }
        }
        if (text.contains("%7B")) {
            all.append('\n').append(URLDecoder.decode(text.replaceAll("%(?![0-9A-F]{2})", ""), StandardCharsets.UTF_8));
        }
        return all.toString();
    }
}
