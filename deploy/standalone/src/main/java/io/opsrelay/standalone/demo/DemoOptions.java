package io.opsrelay.standalone.demo;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says.
 *
 * @param length how long it runs; until it is ended where absent
 * @param rate tickets a second, on average
 * @param seed drawn by lot where absent
 * @param url of the gateway, without a slash at its end; this machine's own where absent
 */
record DemoOptions(Optional<Duration> length, double rate, Optional<Long> seed, Optional<URI> url) {

    static final String USAGE = "demo [--seconds N] [--rate R] [--seed S] [--url http://host:port]";

    private static final double FASTEST = 200;

    /** @throws IllegalArgumentException that says what is wrong with them */
    static DemoOptions parse(List<String> options) {
        DemoOptions parsed = new DemoOptions(Optional.empty(), 1, Optional.empty(), Optional.empty());
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (equals < 0 && i + 1 == options.size()) {
                throw new IllegalArgumentException(option + " is no option, or lacks its value");
            }
            String value = equals < 0 ? options.get(++i) : option.substring(equals + 1);
            parsed = parsed.with(name, value);
        }
        return parsed;
    }

    private DemoOptions with(String name, String value) {
        return switch (name) {
            case "--seconds" ->
                new DemoOptions(
                        Optional.of(Duration.ofMillis(Math.round(number(name, value, Integer.MAX_VALUE) * 1000))),
                        rate,
                        seed,
                        url);
            case "--rate" -> new DemoOptions(length, number(name, value, FASTEST), seed, url);
            case "--seed" -> new DemoOptions(length, rate, Optional.of(whole(name, value)), url);
            case "--url" -> new DemoOptions(length, rate, seed, Optional.of(address(value)));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static double number(String name, String value, double most) {
        try {
            double number = Double.parseDouble(value);
            if (number > 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "%s must be a number above 0 and up to %.0f, not '%s'".formatted(name, most, value));
    }

    private static long whole(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number, not '" + value + "'", e);
        }
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
