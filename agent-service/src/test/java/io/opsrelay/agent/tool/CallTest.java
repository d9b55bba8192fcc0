package io.opsrelay.agent.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallTest {

    private static final Toolbox ALL = new Toolbox(EnumSet.allOf(Tool.class), List.of());

    @Test
    void onlyATooLsOwnFieldsAreRead() {
        assertThat(
                        call(
                                "process_refund",
                                "{\"order_id\":\" A-1 \",\"reason\":\"broken\",\"amount\":1e9,\"customer_id\":\"x\",\"to\":[{}]}"))
                .isEqualTo(new Call.Act(Tool.PROCESS_REFUND, "refund", Map.of("order_id", "A-1", "reason", "broken")));
        assertThat(call("reset_password", "{\"user_email\":\"ceo@acme.example\"}"))
                .isEqualTo(new Call.Act(Tool.RESET_PASSWORD, "password_reset", Map.of()));
    }

    @Test
    void aReplyNamesItsPassages() {
        assertThat(call("reply_to_customer", "{\"text\":\"Hi\",\"passages\":\"p1, p2,,p1\"}"))
                .isEqualTo(new Call.Reply("Hi", List.of("p1", "p2")));
        assertThat(call("reply_to_customer", "{\"text\":\"Hi\"}")).isEqualTo(new Call.Reply("Hi", List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"service_name\":\"pay\",\"target_type\":\"kubernetes\",\"reason\":\"slow\",\"replicas\":0}",
                "{\"service_name\":\"pay\",\"target_type\":\"kubernetes\",\"reason\":\"slow\",\"replicas\":\"3\"}",
                "{\"service_name\":\"pay\",\"target_type\":\"kubernetes\",\"reason\":\"slow\",\"replicas\":99999999999}",
                "{\"service_name\":\"pay\",\"target_type\":\"mainframe\",\"reason\":\"slow\",\"replicas\":3}",
                "{\"target_type\":\"kubernetes\",\"reason\":\"slow\",\"replicas\":3}"
            })
    void argumentsThatAreNotWhatTheyMustBeAreRefused(String arguments) {
        assertThat(call("scale_deployment", arguments)).isInstanceOf(Call.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{\"query\":",
                "not json",
                "{\"query\":{}}",
                "{\"query\":\"\"}",
                "\u0000",
                "{\"query\":\"a\\u0000b\"}",
                "{\"query\":\"a\\ud800b\"}"
            })
    void brokenArgumentsAreRefusedAndNeverThrow(String arguments) {
        assertThat(call("search_knowledge_base", arguments)).isInstanceOf(Call.Refused.class);
    }

    @Test
    void hugeAndDeepArgumentsAreRefused() {
        assertThat(call("search_knowledge_base", "{\"query\":\"" + "a".repeat(100_000) + "\"}"))
                .isEqualTo(new Call.Refused("the arguments are too long"));
        assertThat(call("search_knowledge_base", "{\"query\":" + "[".repeat(9000) + "]".repeat(9000) + "}"))
                .isInstanceOf(Call.Refused.class);
    }

    @Test
    void toolsThatAreNotOfferedDoNotExist() {
        ToolExecutionRequest request = ToolExecutionRequest.builder()
                .id("1")
                .name("process_refund")
                .arguments("{\"order_id\":\"A-1\",\"reason\":\"x\"}")
                .build();

        assertThat(Call.of(request, new Toolbox(Set.of(Tool.SEARCH_KNOWLEDGE_BASE), List.of())))
                .isEqualTo(new Call.Refused("there is no such tool here; there are search_knowledge_base"));
        assertThat(call("drop_database", "{}")).isInstanceOf(Call.Refused.class);
    }

    @ParameterizedTest
    @EnumSource(Tool.class)
    void everyToolTellsModelsWhatItWants(Tool tool) {
        assertThat(tool.specification().name()).isEqualTo(tool.code());
        assertThat(tool.specification().description()).isNotBlank();
        assertThat(tool.specification().parameters().properties().keySet())
                .containsExactlyElementsOf(
                        tool.fields().stream().map(Field::name).toList());
    }

    private static Call call(String name, String arguments) {
        return Call.of(
                ToolExecutionRequest.builder()
                        .id("1")
                        .name(name)
                        .arguments(arguments)
                        .build(),
                ALL);
    }
}
