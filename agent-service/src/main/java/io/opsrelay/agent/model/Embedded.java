package io.opsrelay.agent.model;

import java.util.List;

/**
 * Texts as vectors of length 1, so that the cosine of two is their dot product.
 *
 * @param vectors in the order of the texts, all with the same number of dimensions
 * @param usage what that used
 */
public record Embedded(List<float[]> vectors, Usage usage) {
    public Embedded {
        vectors = List.copyOf(vectors);
    }
}
