package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsrelay.action.deployment.TargetRefusedException;
import io.opsrelay.contracts.ContractJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * The marks at one object, the newest first. A few are kept: a question about an action may come when another one has
 * followed.
 */
record Marks(List<Mark> newestFirst) {

    /** The annotation that holds them. */
    static final String ANNOTATION = "opsrelay.io/action";

    private static final int KEPT = 5;
    private static final TypeReference<List<Mark>> LIST = new TypeReference<>() {};

    Marks {
        newestFirst = List.copyOf(newestFirst);
    }

    /** @throws TargetRefusedException if somebody else wrote the annotation */
    static Marks at(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        String json = annotations == null ? null : annotations.get(ANNOTATION);
        if (json == null) {
            return new Marks(List.of());
        }
        try {
            return new Marks(ContractJson.mapper().readValue(json, LIST));
        } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
            throw new TargetRefusedException(
                    "service_name",
                    "annotation_unreadable",
                    "has an annotation %s that OpsRelay did not write; remove it".formatted(ANNOTATION));
        }
    }

    Optional<Mark> find(String key) {
        return newestFirst.stream().filter(mark -> mark.key().equals(key)).findFirst();
    }

    /** With that mark before all others, in place of the one of the same key. */
    Marks with(Mark mark) {
        return new Marks(Stream.concat(Stream.of(mark), newestFirst.stream().filter(other -> !other.key()
                        .equals(mark.key())))
                .limit(KEPT)
                .toList());
    }

    /** As the annotation holds them. */
    String json() {
        return ContractJson.mapper().writeValueAsString(newestFirst);
    }
}
