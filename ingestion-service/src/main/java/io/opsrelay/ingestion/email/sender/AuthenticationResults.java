package io.opsrelay.ingestion.email.sender;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One {@code Authentication-Results} header (RFC 8601).
 *
 * @param authservId who wrote it
 * @param results in their order
 */
record AuthenticationResults(String authservId, List<Result> results) {

    AuthenticationResults {
        results = List.copyOf(results);
    }

    /** @param properties like {@code header.from}, in lower case */
    record Result(String method, String outcome, Map<String, String> properties) {}

    static AuthenticationResults parse(String header) {
        List<String> parts = split(withoutComments(header));
        String[] head = parts.getFirst().strip().split("\\s+", -1);
        List<Result> results = new ArrayList<>();
        for (String part : parts.subList(1, parts.size())) {
            result(part).ifPresent(results::add);
        }
        return new AuthenticationResults(head[0], results);
    }

    /** Whether one of the results proves a From address of that domain. */
    boolean prove(String fromDomain) {
        return results.stream()
                .filter(result -> result.outcome.equals("pass"))
                .anyMatch(result -> switch (result.method) {
                    case "dmarc" ->
                        Optional.ofNullable(result.properties.get("header.from"))
                                .map(domain -> domain.contains("@")
                                        ? SenderCheck.domainOf(domain).orElse("")
                                        : domain.toLowerCase(Locale.ROOT))
                                .map(fromDomain::equals)
                                .orElse(false);
                    case "dkim" ->
                        Optional.ofNullable(result.properties.get("header.d"))
                                .or(() -> SenderCheck.domainOf(result.properties.get("header.i")))
                                .map(domain -> SenderCheck.isAligned(fromDomain, domain))
                                .orElse(false);
                    case "spf" ->
                        Optional.ofNullable(result.properties.get("smtp.mailfrom"))
                                .map(from -> from.contains("@")
                                        ? SenderCheck.domainOf(from).orElse("")
                                        : from)
                                .map(domain -> SenderCheck.isAligned(fromDomain, domain))
                                .orElse(false);
                    default -> false;
                });
    }

    private static Optional<Result> result(String part) {
        String method = "";
        String outcome = "";
        Map<String, String> properties = new TreeMap<>();
        for (String word : part.strip().split("\\s+", -1)) {
            int equals = word.indexOf('=');
            if (equals <= 0) {
                continue;
            }
            String name = word.substring(0, equals).toLowerCase(Locale.ROOT);
            String value = word.substring(equals + 1).replace("\"", "");
            if (method.isEmpty()) {
                int version = name.indexOf('/');
                method = version < 0 ? name : name.substring(0, version);
                outcome = value.toLowerCase(Locale.ROOT);
            } else {
                properties.putIfAbsent(name, value);
            }
        }
        return method.isEmpty() ? Optional.empty() : Optional.of(new Result(method, outcome, properties));
    }

    /** At semicolons that do not stand in quotes. */
    private static List<String> split(String header) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            }
            if (c == ';' && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** What stands in brackets is for people: nobody may hide a result there. */
    private static String withoutComments(String header) {
        StringBuilder kept = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\' && i + 1 < header.length()) {
                i++;
                continue;
            }
            if (c == '"' && depth == 0) {
                quoted = !quoted;
            }
            if (c == '(' && !quoted) {
                depth++;
                kept.append(' ');
            } else if (c == ')' && !quoted && depth > 0) {
                depth--;
            } else if (depth == 0) {
                kept.append(c);
            }
        }
        return kept.toString();
    }
}
