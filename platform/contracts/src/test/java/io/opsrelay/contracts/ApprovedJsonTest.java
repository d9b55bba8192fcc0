package io.opsrelay.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;

/** The JSON of each event version is an approved file; to approve a new event, move its file from target/received. */
class ApprovedJsonTest {

    private static final Path APPROVED = Path.of("src/test/resources/approved");
    private static final Path RECEIVED = Path.of("target/received");

    private final JsonMapper json = ContractJson.mapper();

    @TestFactory
    Stream<DynamicTest> everyEventIsWrittenAndReadAsItsApprovedFileSays() {
        return Samples.all().stream()
                .map(event -> DynamicTest.dynamicTest(
                        EventCatalog.typeOf(event.getClass()).value(), () -> isWrittenAndReadAsApproved(event)));
    }

    @Test
    void everyEventOfTheCatalogueHasASample() {
        List<Class<?>> sampled =
                Samples.all().stream().<Class<?>>map(Object::getClass).toList();

        assertThat(sampled).containsExactlyInAnyOrderElementsOf(EventCatalog.all());
    }

    @Test
    void aFieldOfANewerWriterIsSkipped() {
        String written = "{\"ticket_id\":\"%s\",\"run_id\":\"%s\",\"engine\":\"local\",\"mood\":\"fine\"}"
                .formatted(Samples.TICKET, Samples.RUN);

        assertThat(json.readValue(written, RunEvent.RunStarted.class).engine()).isEqualTo("local");
    }

    @Test
    void aClassificationOfAnOlderWriterSaysNothingOfRedactionsIndustryAndRegion() {
        String written = """
                {"ticket_id":"%s","run_id":"%s","category":"refund_request","confidence":0.97,"out_of_scope":false,
                 "language":"en","sentiment":"negative","priority":"normal","method":"local",
                 "model_version":"2026-11-a1b2","processing_millis":0.4}""".formatted(Samples.TICKET, Samples.RUN);

        TicketEvent.TicketClassified read = json.readValue(written, TicketEvent.TicketClassified.class);

        assertThat(read.redactions()).isNull();
        assertThat(read.industry()).isNull();
        assertThat(read.region()).isNull();
        assertThat(read.rootCause()).isNull();
        assertThat(read.employee()).isNull();
    }

    @Test
    void olderWritersTellNeitherOfTheTicketNorOfWhatMayBeEdited() {
        String proposed = """
                {"action_id":"%s","ticket_id":"%s","run_id":"%s","action_type":"refund","arguments":{},
                 "requester":"ai:luna","customer":{"customer_id":"%s","email":"mary@example.org","verified":true}}""".formatted(Samples.ACTION, Samples.TICKET, Samples.RUN, Samples.RUN);
        String prepared = """
                {"action_id":"%s","version":1,"action_type":"refund","arguments":{},"arguments_hash":"x",
                 "effect":{"summary":"Refund","details":{}},"requester":"ai:luna"}""".formatted(Samples.ACTION);

        assertThat(json.readValue(proposed, ActionEvent.ActionProposed.class).ticket())
                .isNull();
        assertThat(json.readValue(prepared, ActionEvent.ActionPrepared.class).editable())
                .isNull();
    }

    @Test
    void anEventWithoutARequiredFieldIsRefusedWithTheFieldsName() {
        assertThatThrownBy(() -> json.readValue("{\"engine\":\"local\"}", RunEvent.RunStarted.class))
                .hasMessageContaining("ticket_id is missing");
    }

    private void isWrittenAndReadAsApproved(Event event) {
        String name = EventCatalog.typeOf(event.getClass()).value() + ".json";
        String written = json.writerWithDefaultPrettyPrinter().writeValueAsString(event) + "\n";
        String approved = approved(name, written);

        assertThat(json.readTree(written)).isEqualTo(json.readTree(approved));
        assertThat(json.readValue(approved, event.getClass())).isEqualTo(event);
    }

    private static String approved(String name, String received) {
        try {
            Path file = APPROVED.resolve(name);
            if (!Files.exists(file)) {
                Files.createDirectories(RECEIVED);
                Files.writeString(RECEIVED.resolve(name), received);
                throw new AssertionError(
                        name + " is not approved: compare " + RECEIVED.resolve(name) + ", move it to " + APPROVED);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
