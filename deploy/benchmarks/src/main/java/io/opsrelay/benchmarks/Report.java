package io.opsrelay.benchmarks;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What the latency benchmark found, for a person and for a program. */
record Report(Machine machine, Schedule schedule, Journeys.Result result) {

    /** A table in milliseconds, the counts, and the machine. */
    String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT, "%-34s %8s %9s %9s %9s %9s%n", "latency in ms", "count", "p50", "p90", "p99", "max"));
        histograms()
                .forEach((name, histogram) -> table.append(String.format(
                        Locale.ROOT,
                        "%-34s %8d %9.1f %9.1f %9.1f %9.1f%n",
                        name,
                        histogram.getTotalCount(),
                        millis(histogram.getValueAtPercentile(50)),
                        millis(histogram.getValueAtPercentile(90)),
                        millis(histogram.getValueAtPercentile(99)),
                        millis(histogram.getMaxValue()))));
        table.append(String.format(
                Locale.ROOT,
                "%n%.0f tickets/s for %d s after %d s of warm-up; latency is counted from the intended time%n",
                schedule.rate(),
                schedule.measured().toSeconds(),
                schedule.warmUp().toSeconds()));
        counts().forEach((name, count) -> table.append(String.format(Locale.ROOT, "%-34s %8d%n", name, count)));
        table.append(String.format(
                Locale.ROOT,
                "%n%d cores (%s), %d MiB, %s, JDK %s, %s%n",
                machine.cores(),
                machine.processor(),
                machine.memoryMib(),
                machine.system(),
                machine.jdk(),
                machine.date()));
        return table.toString();
    }

    /** The same as one JSON document; latencies in milliseconds. */
    String json() {
        Map<String, Object> latencies = new LinkedHashMap<>();
        histograms().forEach((name, histogram) -> {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("count", histogram.getTotalCount());
            figures.put("p50", millis(histogram.getValueAtPercentile(50)));
            figures.put("p90", millis(histogram.getValueAtPercentile(90)));
            figures.put("p99", millis(histogram.getValueAtPercentile(99)));
            figures.put("max", millis(histogram.getMaxValue()));
            latencies.put(name.replace(' ', '_'), figures);
        });
        Map<String, Object> counts = new LinkedHashMap<>();
        counts().forEach((name, count) -> counts.put(name.replace(' ', '_'), count));

        Map<String, Object> document = new LinkedHashMap<>();
        document.put("sound", result.isSound());
        document.put("rate", schedule.rate());
        document.put("seconds", schedule.measured().toMillis() / 1000.0);
        document.put("warm_up_seconds", schedule.warmUp().toMillis() / 1000.0);
        document.put("latency_ms", latencies);
        document.put("counts", counts);
        document.put("cores", machine.cores());
        document.put("processor", machine.processor());
        document.put("memory_mib", machine.memoryMib());
        document.put("system", machine.system());
        document.put("jdk", machine.jdk());
        document.put("date", machine.date().toString());
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(document);
    }

    private Map<String, Histogram> histograms() {
        Map<String, Histogram> histograms = new LinkedHashMap<>();
        histograms.put("accepted to first frame", result.acceptedToFirstFrame);
        histograms.put("intended to accepted", result.intendedToAccepted);
        histograms.put("intended to first frame", result.intendedToFirstFrame);
        histograms.put("intended to resolved frame", result.intendedToResolved);
        return histograms;
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("accepted", result.accepted);
        counts.put("refused", result.refused);
        counts.put("lost", result.lost);
        counts.put("unfinished", result.unfinished);
        counts.put("ended otherwise than resolved", result.notResolved);
        counts.put("gaps", result.gaps);
        counts.put("duplicates", result.duplicates);
        counts.put("out of order", result.disorders);
        counts.put("frames", result.frames);
        counts.put("frames before the answer", result.framesBeforeAnswer);
        return counts;
    }

    private static double millis(long micros) {
        return micros / 1000.0;
    }
}
