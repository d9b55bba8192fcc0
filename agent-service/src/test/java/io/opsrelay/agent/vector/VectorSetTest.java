package io.opsrelay.agent.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.opsrelay.agent.vector.VectorSet.Near;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorSetTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 384})
    void theNearestAreThoseThatAPlainComparisonOfAllFinds(int dimensions) {
        Random random = new Random(dimensions);
        List<float[]> vectors =
                IntStream.range(0, 700).mapToObj(i -> unit(random, dimensions)).toList();
        VectorSet<Integer> set = VectorSet.empty(dimensions);
        for (int from = 0; from < vectors.size(); from += 64) {
            int to = Math.min(vectors.size(), from + 64);
            set = set.with(IntStream.range(from, to).boxed().toList(), vectors.subList(from, to));
        }
        float[] wanted = unit(random, dimensions);

        List<Near<Integer>> found = set.nearest(wanted, 10);

        List<Double> expected = vectors.stream()
                .map(vector -> cosine(vector, wanted))
                .sorted(Comparator.reverseOrder())
                .limit(10)
                .toList();
        assertThat(found).hasSize(10);
        for (int i = 0; i < 10; i++) {
            assertThat((double) found.get(i).cosine()).isCloseTo(expected.get(i), Offset.offset(1e-4));
            assertThat(cosine(vectors.get(found.get(i).key()), wanted))
                    .isCloseTo(found.get(i).cosine(), Offset.offset(1e-4));
        }
    }

    @Test
    void addingLeavesTheSetAsItWas() {
        VectorSet<String> one = VectorSet.<String>empty(2).with(List.of("x"), List.of(new float[] {1, 0}));
        VectorSet<String> two = one.with(List.of("y"), List.of(new float[] {0, 1}));

        assertThat(one.nearest(new float[] {0, 1}, 5)).extracting(Near::key).containsExactly("x");
        assertThat(two.nearest(new float[] {0, 1}, 5)).extracting(Near::key).containsExactly("y", "x");
        assertThat(two.size()).isEqualTo(2);
        assertThat(two.bytes()).isGreaterThan(one.bytes());
    }

    @Test
    void vectorsOfOtherDimensionsAreRefused() {
        VectorSet<String> set = VectorSet.empty(3);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> set.with(List.of("x"), List.<float[]>of(new float[] {1, 0})));
        assertThatIllegalArgumentException().isThrownBy(() -> set.nearest(new float[] {1, 0}, 1));
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static float[] unit(Random random, int dimensions) {
        List<Float> values = new ArrayList<>();
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            float value = (float) random.nextGaussian();
            squares += value * value;
            values.add(value);
        }
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (values.get(i) / Math.sqrt(squares));
        }
        return vector;
    }
}
