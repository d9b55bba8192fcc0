package io.opsrelay.benchmarks.faults;

import io.opsrelay.messaging.Failpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The failpoints with which a whole system was started, and which of them have fired by the files that the halted
 * processes left.
 *
 * @param armed as in {@code OPSRELAY_FAILPOINTS}: {@code agent-service/before-commit=15,...}
 * @param markers the folder of {@code OPSRELAY_FAILPOINT_MARKERS}
 */
public record Points(String armed, Path markers) {

    private static final String POINTS = "OPSRELAY_FAILPOINTS";
    private static final String MARKERS = "OPSRELAY_FAILPOINT_MARKERS";

    /** Those that keep their state in tables and talk by events. */
    private static final List<String> SERVICES =
            List.of("ingestion-service", "agent-service", "approval-service", "action-engine");

    private static final String PROVIDERS_CALLER = "action-engine";

    /**
     * A failpoint at which a process ended.
     *
     * @param name as it was armed
     * @param process what the launcher calls the process that ended
     * @param pid which one it was
     */
    public record Fired(String name, String process, long pid) {

        @Override
        public String toString() {
            return "%s ended %s (pid %d)".formatted(name, process, pid);
        }
    }

    /** Every point of every service: the general ones of each, and those around the call of a provider. */
    public static Points ofEveryService(Path markers) {
        List<String> armed = SERVICES.stream()
                .flatMap(service -> Arrays.stream(Failpoint.values())
                        .filter(point -> isGeneral(point) || service.equals(PROVIDERS_CALLER))
                        .map(point -> service + "/" + point.wireName() + "=" + passageOf(service, point)))
                .toList();
        return new Points(String.join(",", armed), markers);
    }

    /** Those of the shell that the system was started from, if that armed any. */
    public static Optional<Points> of(Map<String, String> environment) {
        String markers = environment.getOrDefault(MARKERS, "");
        Points points = new Points(environment.getOrDefault(POINTS, ""), Path.of(markers));
        return markers.isBlank() || points.names().isEmpty() ? Optional.empty() : Optional.of(points);
    }

    private static boolean isGeneral(Failpoint point) {
        return switch (point) {
            case BEFORE_COMMIT, AFTER_COMMIT, AFTER_SEND_BEFORE_MARK, BEFORE_OFFSET_COMMIT -> true;
            case BEFORE_INTENT, BEFORE_PROVIDER_CALL, AFTER_PROVIDER_CALL, AFTER_RECORD -> false;
        };
    }

    /**
     * Late enough that work is under way, and early enough for a process that was halted at another point and counts anew.
     * Who has eight deaths before it shall serve for ten seconds between some of them: what dies sooner again and again
     * is started after ever longer pauses.
     */
    private static int passageOf(String service, Failpoint point) {
        int later = service.equals(PROVIDERS_CALLER) ? 4 : 1;
        return switch (point) {
            case BEFORE_COMMIT -> 10 * later;
            case AFTER_COMMIT -> 12 * later;
            case AFTER_SEND_BEFORE_MARK -> 8 * later;
            case BEFORE_OFFSET_COMMIT -> 6 * later;
            case BEFORE_PROVIDER_CALL -> 3;
            case AFTER_PROVIDER_CALL, BEFORE_INTENT -> 2;
            case AFTER_RECORD -> 1;
        };
    }

    /** What the system is to be started with. */
    public Map<String, String> environment() {
        return Map.of(POINTS, armed, MARKERS, markers.toString());
    }

    /** Their names; those that gather are not among them, since they wait for somebody's order. */
    public List<String> names() {
        return Arrays.stream(armed.split(",", -1))
                .map(String::strip)
                .filter(pair -> pair.contains("=") && !pair.endsWith("=gather"))
                .map(pair -> pair.substring(0, pair.indexOf('=')))
                .toList();
    }

    /** Those that have fired. */
    public List<Fired> fired() {
        return names().stream()
                .flatMap(name -> read(name, markers.resolve(name)).stream())
                .toList();
    }

    /** The names of those that have not. */
    public List<String> missing() {
        return names().stream()
                .filter(name -> !Files.exists(markers.resolve(name)))
                .toList();
    }

    private static Optional<Fired> read(String name, Path marker) {
        try {
            if (!Files.exists(marker)) {
                return Optional.empty();
            }
            String[] who = Files.readString(marker).strip().split(" ", -1);
            if (who.length != 2) {
                throw new IllegalStateException(marker + " does not say who ended there");
            }
            return Optional.of(new Fired(name, who[0], Long.parseLong(who[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(marker + " cannot be read", e);
        }
    }
}
