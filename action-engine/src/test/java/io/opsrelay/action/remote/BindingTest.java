package io.opsrelay.action.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was decided for one system is done in no other. */
class BindingTest {

    private static final Map<String, Object> ARGUMENTS = Map.of("title", "Export fails");

    @Test
    void anActionIsBoundToTheSystemAndThePlaceThatItWasPreparedFor() {
        Map<String, Object> bound = Binding.bind(ARGUMENTS, "github", "acme/shop");

        assertThat(Binding.objection(bound, "github", "acme/shop")).isEmpty();
        assertThat(Binding.objection(bound, "github", "acme/back"))
                .hasValueSatisfying(why -> assertThat(why).contains("acme/shop").contains("acme/back"));
        assertThat(Binding.objection(bound, "jira", "acme/shop")).isPresent();
        assertThat(Binding.unbound(bound)).isEqualTo(ARGUMENTS);
    }

    @Test
    void whatWasPreparedBeforeActionsWereBoundIsDoneAsBefore() {
        assertThat(Binding.objection(ARGUMENTS, "github", "acme/shop")).isEmpty();
    }
}
