package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.ContractJson;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class MappingTest {

    private static final Statuses NO_STATUSES = Statuses.of(Map.of(), "refuse");

    private static final JsonNode DATA = ContractJson.mapper().readTree("""
            {"a":{"b":"found","list":["first",{"c":"deep"}],"no":null},"x.y":"dot","t~u":"tilde","n":12.50,"yes":true}""");

    @ParameterizedTest
    @CsvSource({
        "a.b,found",
        "/a/b,found",
        "a.list[0],first",
        "a.list[1].c,deep",
        "/a/list/1/c,deep",
        "/x.y,dot",
        "t~u,tilde",
        "/t~0u,tilde",
        "n,12.50",
        "yes,true",
        "a.no,",
        "a.nothing,",
        "a.list[9],"
    })
    void aPathLeadsToItsText(String path, String expected) {
        Mapping mapping = Mapping.of(Map.of("subject", path), null, Map.of(), NO_STATUSES);

        assertThat(mapping.text(DATA, Mapping.SUBJECT)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a..b", "a.", "/", "/a//b", "."})
    void whatIsNoPathIsRefusedWithTheNameOfItsField(String path) {
        assertThatThrownBy(() -> Mapping.of(Map.of("body", path), null, Map.of(), NO_STATUSES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mapping.body");
    }

    @Test
    void unknownFieldsAndPrioritiesAreRefused() {
        assertThatThrownBy(() -> Mapping.of(Map.of("titel", "a"), null, Map.of(), NO_STATUSES))
                .hasMessageContaining("mapping.titel");
        assertThatThrownBy(() -> Mapping.of(Map.of(), null, Map.of("P1", "critical"), NO_STATUSES))
                .hasMessageContaining("priorities.P1");
    }

    @Test
    void objectsAreNoTexts() {
        Mapping mapping = Mapping.of(Map.of("subject", "a"), null, Map.of(), NO_STATUSES);

        assertThatThrownBy(() -> mapping.text(DATA, Mapping.SUBJECT)).hasMessageContaining("subject (at /a)");
    }

    @Test
    void commentsAreTakenOnlyWhereTheyAreMapped() {
        JsonNode data = ContractJson.mapper().readTree("{\"comment\":\"said\"}");

        assertThat(Mapping.of(Map.of(), null, Map.of(), NO_STATUSES).text(data, Mapping.COMMENT))
                .isNull();
        assertThat(Mapping.of(Map.of("comment", "comment"), null, Map.of(), NO_STATUSES)
                        .text(data, Mapping.COMMENT))
                .isEqualTo("said");
    }

    @Test
    void prioritiesAreOursOrMappedInWhateverCase() {
        Mapping mapping = Mapping.of(Map.of(), null, Map.of("Blocker", "urgent", "3", "low"), NO_STATUSES);

        assertThat(mapping.priority(json("\"High\""))).isEqualTo("high");
        assertThat(mapping.priority(json("\" BLOCKER \""))).isEqualTo("urgent");
        assertThat(mapping.priority(json("3"))).isEqualTo("low");
        assertThat(mapping.priority(json("null"))).isNull();
        assertThat(mapping.priority(json("\"\""))).isNull();
        assertThatThrownBy(() -> mapping.priority(json("\"4\""))).hasMessageContaining("not mapped: 4");
    }

    private static JsonNode json(String priority) {
        return ContractJson.mapper().readTree("{\"priority\":" + priority + "}");
    }

    @Test
    void badConfigurationStopsTheStartAndNamesTheSource() {
        var badPath = new UpstreamProperties.Configured(
                "crm", "acme", false, Set.of(), Map.of("subject", "a..b"), null, Map.of(), Map.of(), "refuse");

        assertThatThrownBy(badPath::toSource).hasMessageContaining("opsrelay.upstream.sources[crm]");
        assertThatThrownBy(() -> new UpstreamProperties.Configured(
                        "crm", "No Client", false, Set.of(), Map.of(), null, Map.of(), Map.of(), "refuse"))
                .hasMessageContaining("sources[crm].client");
    }
}
