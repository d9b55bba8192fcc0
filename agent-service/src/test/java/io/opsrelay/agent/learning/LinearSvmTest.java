package io.opsrelay.agent.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearSvmTest {
    private static final int FEATURES = 40;
    private static final int TEXTS = 300;

    /** The problem has one best solution; another program for it must find the same. */
    @Test
    void theWeightsAreThoseThatLiblinearFinds() {
        var random = new Random(7);
        var vectors = new Vectors(1, 1);
        var labels = new int[TEXTS];
        var rows = new int[TEXTS];
        var problem = new Problem();
        problem.l = TEXTS;
        problem.n = FEATURES + 1;
        problem.bias = 1;
        problem.x = new Feature[TEXTS][];
        problem.y = new double[TEXTS];
        for (var text = 0; text < TEXTS; text++) {
            var sum = 0.0;
            problem.x[text] = new Feature[FEATURES / 4 + 1];
            for (var i = 0; i < FEATURES / 4; i++) {
                var index = 4 * i + random.nextInt(4);
                var value = (float) (0.3 * random.nextGaussian());
                vectors.add(index, value);
                problem.x[text][i] = new FeatureNode(index + 1, value);
                sum += 3 * value * Math.cos(index);
            }
            vectors.end();
            problem.x[text][FEATURES / 4] = new FeatureNode(FEATURES + 1, 1);
            rows[text] = text;
            // Some are mislabelled, so that no plane divides all.
            labels[text] = sum + random.nextGaussian() > 0.5 ? 3 : random.nextInt(3);
            problem.y[text] = labels[text] == 3 ? 1 : -1;
        }
        Linear.disableDebugOutput();
        var theirs = Linear.train(problem, new Parameter(SolverType.L2R_L2LOSS_SVC_DUAL, 2, 1e-5));
        var sign = theirs.getLabels()[0] == 1 ? 1 : -1;

        var ours = LinearSvm.fit(vectors, labels, 3, rows, FEATURES, 2, 1e-5, 1);

        for (var i = 0; i <= FEATURES; i++) {
            assertThat((double) ours[i]).isCloseTo(sign * theirs.getFeatureWeights()[i], within(0.002));
        }
    }
}
