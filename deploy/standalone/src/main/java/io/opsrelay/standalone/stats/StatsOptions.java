package io.opsrelay.standalone.stats;

import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the command line says.
 *
 * @param clients whose numbers are counted anew
 * @param url of the gateway, without a slash at its end; this machine's own where absent
 */
record StatsOptions(List<String> clients, Optional<URI> url) {

    static final String USAGE = "stats rebuild [--client C]... [--url http://host:port]";

    private static final List<String> DEMO = List.of("acme", "globex");
    private static final Pattern CLIENT = Pattern.compile("[A-Za-z0-9_-]{1,63}");

    /** @throws IllegalArgumentException that says what is wrong with them */
    static StatsOptions parse(List<String> options) {
        Iterator<String> rest = options.iterator();
        if (!rest.hasNext() || !rest.next().equals("rebuild")) {
            throw new IllegalArgumentException("stats: what shall be done? There is only rebuild");
        }
        List<String> clients = new ArrayList<>();
        Optional<URI> url = Optional.empty();
        while (rest.hasNext()) {
            String option = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " is no option, or lacks its value");
            }
            String value = rest.next();
            switch (option) {
                case "--client" -> clients.add(client(value));
                case "--url" -> url = Optional.of(address(value));
                default -> throw new IllegalArgumentException("there is no option " + option);
            }
        }
        return new StatsOptions(clients.isEmpty() ? DEMO : List.copyOf(clients), url);
    }

    private static String client(String value) {
        if (!CLIENT.matcher(value).matches()) {
            throw new IllegalArgumentException("--client must be a client's id, not '" + value + "'");
        }
        return value;
    }

    private static URI address(String value) {
        try {
            URI address = URI.create(value.replaceAll("/+$", ""));
            if (List.of("http", "https").contains(String.valueOf(address.getScheme())) && address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new IllegalArgumentException("--url must be like http://127.0.0.1:8080, not '" + value + "'");
    }
}
