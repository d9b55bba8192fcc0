package io.opsrelay.security.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a service says of itself, without a token. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.application.name=lamp-service",
            "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
        })
class ApiDocsTest {

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    private JsonNode docs;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.token.jwks", () -> {
            try {
                return Files.writeString(
                                folder.resolve("jwks.json"),
                                new JWKSet(new ECKeyGenerator(Curve.P_256)
                                                .keyIDFromThumbprint(true)
                                                .generate()
                                                .toPublicJWK())
                                        .toString())
                        .toString();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @BeforeEach
    void ask() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            docs = JsonMapper.shared().readTree(answer.body());
        }
    }

    @Test
    void itIsAnOpenApiDocumentOfItsOwnHandlersAlone() {
        assertThat(docs.get("openapi").asString()).isEqualTo("3.1.0");
        assertThat(docs.at("/info/title").asString()).isEqualTo("lamp-service");
        assertThat(docs.get("paths").propertyNames())
                .containsExactly("/lamps", "/lamps/shelves/{row}", "/lamps/{id}", "/lamps/{id}/switch");
    }

    @Test
    void parametersAreNamedAsTheyAreSentAndTheCallerIsNone() {
        JsonNode list = docs.at("/paths/~1lamps/get");
        assertThat(list.get("parameters")
                        .valueStream()
                        .map(one ->
                                one.get("in").asString() + " " + one.get("name").asString() + " "
                                        + one.get("required").asBoolean()))
                .containsExactly(
                        "query limit false",
                        "query cursor false",
                        "query sort false",
                        "query lamp_state false",
                        "query room true");
        assertThat(list.get("description").asString()).isEqualTo("Roles: viewer, admin");
        assertThat(list.at("/security/0").propertyNames()).containsExactly("bearer");
        assertThat(docs.at("/paths/~1lamps~1{id}~1switch/post/parameters")
                        .valueStream()
                        .map(one -> one.get("name").asString()))
                .containsExactly("id", "Idempotency-Key");
    }

    @Test
    void recordsAreSchemasWithTheNamesAndValuesOfTheJson() {
        JsonNode schemas = docs.at("/components/schemas");
        assertThat(docs.at("/paths/~1lamps/get/responses/200/content/application~1json/schema/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/PageOfApiDocsTestLamp");
        assertThat(schemas.at("/PageOfApiDocsTestLamp/properties/items/items/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/ApiDocsTestLamp");
        JsonNode lamp = schemas.get("ApiDocsTestLamp");
        assertThat(lamp.get("properties").propertyNames())
                .containsExactly("lamp_id", "bought_at", "lamp_state", "neighbours", "labels", "note");
        assertThat(lamp.at("/properties/lamp_state/enum").valueStream().map(JsonNode::asString))
                .containsExactly("on", "burnt_out");
        assertThat(lamp.at("/properties/bought_at/format").asString()).isEqualTo("date-time");
        assertThat(lamp.at("/properties/neighbours/items/$ref").asString())
                .isEqualTo("#/components/schemas/ApiDocsTestLamp");
        assertThat(lamp.at("/properties/labels/additionalProperties/type").asString())
                .isEqualTo("integer");
        assertThat(lamp.get("required").valueStream().map(JsonNode::asString)).doesNotContain("note");
    }

    @Test
    void aFieldIsDescribedAsItIsWrittenAndNotAsItIsDeclared() {
        JsonNode shelf = docs.at("/components/schemas/ApiDocsTestShelf");

        assertThat(shelf.get("properties").propertyNames())
                .as("what is unwrapped stands among the others")
                .containsExactly("shelf_id", "height", "raw", "price", "lamp_state", "next", "tags");
        assertThat(shelf.at("/properties/raw")).isEmpty();
        assertThat(shelf.at("/properties/price/type").asString()).isEqualTo("string");
        assertThat(shelf.at("/properties/lamp_state/enum").valueStream().map(JsonNode::asString))
                .containsExactly("on", "burnt_out");
        assertThat(shelf.at("/properties/next/type").valueStream().map(JsonNode::asString))
                .containsExactly("string", "null");
        assertThat(shelf.get("required").valueStream().map(JsonNode::asString))
                .as("null is written where it is asked for, and what is empty is left out where that is")
                .containsExactly("shelf_id", "height", "raw", "price", "lamp_state", "next");
        assertThat(docs.at("/components/schemas/PageOfApiDocsTestLamp/required")
                        .valueStream()
                        .map(JsonNode::asString))
                .containsExactly("items", "next_cursor");
    }

    @Test
    void whatAHandlerReadsItselfIsDescribedAsWhatItReads() {
        JsonNode put = docs.at("/paths/~1lamps~1shelves~1{row}/put");

        assertThat(put.at("/requestBody/content/application~1json/schema/$ref").asString())
                .isEqualTo("#/components/schemas/ApiDocsTestShelf");
        assertThat(put.at("/requestBody/required").asBoolean()).isFalse();
        assertThat(put.get("parameters")
                        .valueStream()
                        .map(one -> one.get("name").asString() + " "
                                + one.at("/schema/enum")
                                        .valueStream()
                                        .map(JsonNode::asString)
                                        .toList()))
                .as("neither the headers as a whole nor what a variable is restricted by")
                .containsExactly("row []", "only [top, bottom]");
        assertThat(docs.at("/paths/~1lamps~1shelves~1{row}/get/responses/200/content")
                        .propertyNames())
                .containsExactly("text/csv");
    }

    @Test
    void whatIsPostedAndWhatARefusalLooksLikeIsTold() {
        JsonNode post = docs.at("/paths/~1lamps~1{id}~1switch/post");
        assertThat(post.at("/requestBody/content/application~1json/schema/$ref").asString())
                .isEqualTo("#/components/schemas/ApiDocsTestSwitching");
        assertThat(post.get("responses").propertyNames()).containsExactly("2XX", "default");
        assertThat(post.at("/responses/default/content/application~1problem+json/schema/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/Problem");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Lamps.class)
    static class Service {}

    @RestController
    @RequestMapping("/lamps")
    @RequiresRole({Role.VIEWER, Role.ADMIN})
    static class Lamps {

        @GetMapping
        Page<Lamp> list(
                Caller caller,
                PageRequest page,
                @RequestParam(name = "lamp_state", required = false) @Nullable State state,
                @RequestParam String room) {
            return new Page<>(List.of(), null);
        }

        @GetMapping("/{id}")
        ResponseEntity<Lamp> one(@PathVariable UUID id) {
            return ResponseEntity.notFound().build();
        }

        @PutMapping("/shelves/{row:[a-z]+}")
        Shelf shelf(
                @PathVariable String row,
                @RequestHeader HttpHeaders headers,
                @RequestParam(required = false) @DescribedAs(oneOf = {"top", "bottom"}) @Nullable String only,
                @RequestBody(required = false) @DescribedAs(Shelf.class) @Nullable JsonNode body) {
            throw new UnsupportedOperationException();
        }

        @GetMapping(path = "/shelves/{row:[a-z]+}", produces = "text/csv")
        void shelf(@PathVariable String row, HttpServletResponse response) {
            throw new UnsupportedOperationException();
        }

        @PostMapping("/{id}/switch")
        ResponseEntity<Lamp> turn(
                @PathVariable UUID id,
                @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
                @RequestBody Switching switching) {
            return ResponseEntity.notFound().build();
        }
    }

    enum State {
        ON,
        BURNT_OUT
    }

    record Lamp(
            UUID lampId,
            Instant boughtAt,
            State lampState,
            List<Lamp> neighbours,
            Map<String, Integer> labels,
            @Nullable String note) {}

    record Switching(boolean on) {}

    record Place(UUID shelfId, int height) {}

    record Shelf(
            @JsonUnwrapped Place place,
            @JsonRawValue String raw,
            @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal price,
            @DescribedAs(State.class) String lampState,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String next,

            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> tags) {}
}
