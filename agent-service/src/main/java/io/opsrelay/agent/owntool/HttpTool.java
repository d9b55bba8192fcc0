package io.opsrelay.agent.owntool;

import io.opsrelay.agent.tool.Arguments;
import io.opsrelay.agent.tool.OwnTool;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.outbound.Exchange;
import io.opsrelay.security.outbound.Exchange.Head;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tool that is one HTTP request. */
final class HttpTool {

    /** Most bytes of an answer that are read. */
    static final int MOST_BYTES = 256 * 1024;

    /** Reads what others wrote. */
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxNumberLength(100)
                            .build())
                    .build())
            .build();

    private static final Set<String> TEXTS = Set.of("text/plain", "text/markdown", "text/csv");
    private static final Pattern DOTS = Pattern.compile("(^|.*[/\\\\])\\.\\.?([/\\\\].*|$)", Pattern.DOTALL);

    private final HttpToolSettings settings;
    private final GuardedHttp http;
    private final OwnTool tool;

    HttpTool(String name, HttpToolSettings settings, GuardedHttp http) {
        this.settings = settings;
        this.http = http;
        this.tool = new OwnTool(
                "http_" + name, settings.description().strip(), new Arguments.Declared(settings.toFields()));
    }

    OwnTool tool() {
        return tool;
    }

    boolean needsVerification() {
        return settings.filled().values().stream().anyMatch(TicketValue::needsVerification);
    }

    /** @throws OutboundException if there is no answer */
    Told ask(String clientId, TicketReceived ticket, Map<String, Object> arguments) {
        if (needsVerification() && !ticket.customer().verified()) {
            return Told.strange();
        }
        Map<String, Object> values = new LinkedHashMap<>(arguments);
        settings.filled().forEach((name, value) -> values.put(name, value.of(clientId, ticket)));
        URI uri;
        try {
            uri = address(values);
        } catch (IllegalArgumentException e) {
            return Told.failed("refused", String.valueOf(e.getMessage()));
        }
        boolean post = settings.method() == HttpToolSettings.Method.POST;
        Map<String, String> headers = new LinkedHashMap<>(settings.headers());
        headers.put("Accept", "application/json, text/plain;q=0.5");
        if (settings.authorization() != null && !settings.authorization().isBlank()) {
            headers.put("Authorization", settings.authorization());
        }
        return http.send(
                new Exchange(
                        settings.method().name(),
                        uri,
                        headers,
                        post ? JSON.writeValueAsBytes(values) : new byte[0],
                        settings.timeout(),
                        MOST_BYTES,
                        settings.allowPrivate()),
                this::read);
    }

    /** Takes what has its place in the address out of {@code values}, and all of it for a GET. */
    private URI address(Map<String, Object> values) {
        Set<String> placed = new HashSet<>();
        int query = settings.url().indexOf('?');
        StringBuilder address = new StringBuilder();
        var placeholder = HttpToolSettings.PLACEHOLDER.matcher(settings.url());
        int from = 0;
        while (placeholder.find()) {
            String name = placeholder.group(1);
            String value = String.valueOf(values.get(name));
            if ((query < 0 || placeholder.start() < query)
                    && DOTS.matcher(value).matches()) {
                throw new IllegalArgumentException(name + " must not lead elsewhere");
            }
            address.append(settings.url(), from, placeholder.start()).append(encoded(value));
            from = placeholder.end();
            placed.add(name);
        }
        address.append(settings.url(), from, settings.url().length());
        values.keySet().removeAll(placed);
        if (settings.method() == HttpToolSettings.Method.GET) {
            values.forEach((name, value) -> address.append(address.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(encoded(String.valueOf(value))));
        }
        return URI.create(address.toString());
    }

    /** Everything but what never means anything in an address. */
    private static String encoded(String value) {
        StringBuilder out = new StringBuilder();
        for (byte one : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (one & 0xff);
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-_.~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append("%02X".formatted((int) c));
            }
        }
        return out.toString();
    }

    private Told read(Head head, InputStream body) throws IOException {
        int status = head.status();
        String shown = Integer.toString(status);
        if (status >= 500 || status == 429) {
            throw new OutboundException(shown, "answered " + status, true);
        }
        if (status == 404) {
            return Told.failed(shown, "there is nothing of that kind");
        }
        if (status < 200 || status > 299) {
            return Told.failed(
                    shown,
                    status >= 300 && status < 400
                            ? "it leads elsewhere, which is not followed"
                            : "it answered " + status);
        }
        String encoding = head.header("content-encoding");
        boolean packed = encoding != null && !encoding.equalsIgnoreCase("identity");
        if (packed || (!head.isJson() && !TEXTS.contains(head.mime()))) {
            return Told.failed(shown, "it answered with something that is neither JSON nor plain text");
        }
        byte[] bytes = body.readAllBytes();
        String text = new String(bytes, head.charset());
        if (head.isJson()) {
            try {
                return inWords(shown, JSON.readTree(text));
            } catch (JacksonException e) {
                return Told.failed(shown, "it answered with broken JSON");
            }
        }
        return settings.tell().isEmpty()
                ? told(shown, text)
                : Told.failed(shown, "it answered with text where JSON is expected");
    }

    private Told inWords(String status, JsonNode answer) {
        if (settings.tell().isEmpty()) {
            return told(status, inWords(answer));
        }
        List<String> facts = new ArrayList<>();
        settings.tell().forEach((name, pointer) -> {
            JsonNode value = answer.at(pointer);
            if (!value.isMissingNode() && !value.isNull()) {
                facts.add(name + ": " + inWords(value));
            }
        });
        return facts.isEmpty()
                ? Told.failed(status, "its answer holds nothing of what may be told")
                : told(status, String.join("\n", facts));
    }

    private static Told told(String status, @Nullable String text) {
        return text == null || text.isBlank()
                ? Told.failed(status, "it answered with nothing")
                : Told.answer(status, OutsideText.clean(text).strip());
    }

    /** JSON with spaces, so that each of its values is a word of its own that a reply may quote. */
    static String inWords(JsonNode value) {
        return value.isValueNode()
                ? value.asString("")
                : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    }
}
