package io.opsrelay.agent.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/** What became of the action that a run waits for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = News.Done.class, name = "done"),
    @JsonSubTypes.Type(value = News.NotDone.class, name = "not_done"),
    @JsonSubTypes.Type(value = News.Rejected.class, name = "rejected"),
    @JsonSubTypes.Type(value = News.Answered.class, name = "answered"),
    @JsonSubTypes.Type(value = News.Lapsed.class, name = "lapsed")
})
sealed interface News {

    /** It was executed; {@code result} is what the provider answered. */
    record Done(String actionType, Map<String, Object> result) implements News {
        public Done {
            result = Map.copyOf(result);
        }
    }

    /** It could not be executed, and will not be. */
    record NotDone(String actionType, String code, String reason) implements News {}

    /** A person said no, and why. */
    record Rejected(String reason) implements News {}

    /** A person answers in the action's stead. */
    record Answered(String response) implements News {}

    /** Nobody decided in time. */
    record Lapsed() implements News {}
}
