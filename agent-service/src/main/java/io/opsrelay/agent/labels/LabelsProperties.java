package io.opsrelay.agent.labels;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How clients' own classifiers are trained and kept.
 *
 * @param mostExamples examples that a client may have, corrections included
 * @param mostLabels different labels that a client's examples may have
 * @param threads processors that a training takes; one training at a time runs on an instance
 * @param lease how long the training of an instance that vanished waits for another one
 * @param mostTries how often a training that ends its process, or meets a fault of ours, is begun
 * @param keptVersions how many models of a client are kept to go back to, the one in use not counted
 * @param retrainAfter so many corrections since the last training start another one
 * @param retrainShare so do fewer, if they are this share of the examples it learned from, 0 to 1
 * @param cache how much memory loaded models may take
 * @param lookAgain after which time an instance looks again which version a client uses
 */
@ConfigurationProperties("opsrelay.labels")
record LabelsProperties(
        @DefaultValue("200000") int mostExamples,
        @DefaultValue("1000") int mostLabels,
        @DefaultValue("2") int threads,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("3") int mostTries,
        @DefaultValue("5") int keptVersions,
        @DefaultValue("50") int retrainAfter,
        @DefaultValue("0.1") double retrainShare,
        @DefaultValue("64MB") DataSize cache,
        @DefaultValue("1s") Duration lookAgain) {

    LabelsProperties {
        positive("most-examples", mostExamples);
        positive("most-labels", mostLabels);
        positive("threads", threads);
        positive("lease", lease.toMillis());
        positive("most-tries", mostTries);
        positive("kept-versions", keptVersions);
        positive("retrain-after", retrainAfter);
        positive("cache", cache.toBytes());
        if (!(retrainShare > 0 && retrainShare <= 1)) {
            throw new IllegalArgumentException("opsrelay.labels.retrain-share must be above 0 and at most 1");
        }
        if (lookAgain.isNegative()) {
            throw new IllegalArgumentException("opsrelay.labels.look-again must not be negative");
        }
    }

    private static void positive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("opsrelay.labels." + name + " must be positive");
        }
    }
}
