package io.opsrelay.benchmarks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Options of a benchmark: {@code --name value}, {@code --name=value}, or {@code --name} alone for a switch. */
final class Options {

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** @throws UsageException if something stands there that is no option */
    static Options parse(List<String> arguments) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--") || argument.length() == 2) {
                throw new UsageException("'" + argument + "' is not an option; options begin with --");
            }
            int equals = argument.indexOf('=');
            if (equals > 0) {
                values.put(argument.substring(2, equals), argument.substring(equals + 1));
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                values.put(argument.substring(2), arguments.get(++i));
            } else {
                values.put(argument.substring(2), "true");
            }
        }
        return new Options(values);
    }

    /** @throws UsageException if there is an option beside these */
    Options allow(String... names) {
        Set<String> known = Set.of(names);
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new UsageException("there is no option --" + name);
            }
        }
        return this;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    /** Whether it was given, with whatever value. */
    boolean isGiven(String name) {
        return values.containsKey(name);
    }

    boolean isSet(String name) {
        return switch (values.getOrDefault(name, "false")) {
            case "true" -> true;
            case "false" -> false;
            case String other -> throw new UsageException("--" + name + " is a switch and takes no '" + other + "'");
        };
    }

    /** @throws UsageException unless it is a number greater than zero */
    double positive(String name, double otherwise) {
        double value = number(name, otherwise);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new UsageException("--" + name + " must be greater than zero");
        }
        return value;
    }

    /** Zero unless it is given. @throws UsageException unless it is a number from zero on */
    double atLeastZero(String name) {
        double value = number(name, 0);
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new UsageException("--" + name + " must be zero or more");
        }
        return value;
    }

    /** @throws UsageException unless it is a number of seconds, zero included */
    Duration seconds(String name, Duration otherwise) {
        double value = number(name, otherwise.toMillis() / 1000.0);
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new UsageException("--" + name + " must be a number of seconds");
        }
        return Duration.ofMillis(Math.round(value * 1000));
    }

    private double number(String name, double otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " must be a number, not '" + value + "'");
        }
    }
}
