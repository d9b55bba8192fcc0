package io.opsrelay.contracts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an action would do, computed by action-engine from the systems themselves and never from a model's prose.
 *
 * @param summary one sentence for a person
 * @param money what moves, where money moves
 * @param details figures behind the summary, snake_case names to JSON values
 */
public record Effect(String summary, @Nullable Money money, Map<String, Object> details) {

    public Effect {
        Require.text(summary, "summary");
        details = Require.map(details, "details");
    }
}
