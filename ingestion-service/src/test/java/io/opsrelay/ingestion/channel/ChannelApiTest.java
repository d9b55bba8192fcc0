package io.opsrelay.ingestion.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.MailTest;
import io.opsrelay.security.Role;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@MailTest
class ChannelApiTest {

    private static final String PATH = "/api/v1/channels";

    @Autowired
    Api api;

    @Autowired
    Channels channels;

    @Test
    void aSecretIsShownWhenItIsMadeAndNeverAgain() {
        String address = address();
        JsonNode made = create("acme", generic("once", address)).has(201).json();
        String id = made.get("channel_id").asString();
        String secret = made.get("made").get("signing_secret").asString();

        Api.Answer read = admin("acme").get(PATH + "/" + id).has(200);
        Api.Answer list = admin("acme").get(PATH).has(200);

        assertThat(secret).startsWith("whsec_");
        assertThat(id).matches("[0-9a-f]{32}");
        assertThat(made.get("webhook_path").asString()).isEqualTo("/webhooks/email/inbound/" + id);
        assertThat(read.text()).doesNotContain(secret).doesNotContain("made\"");
        assertThat(list.text()).doesNotContain(secret);
        assertThat(read.json().get("secrets").get(0).get("name").asString()).isEqualTo("signing_secret");
        assertThat(channels.secret(channels.byId(id).orElseThrow(), "signing_secret"))
                .contains(secret);
        assertThat(channels.byAddress("email-generic", List.of(address.replace("@", "+tag@"))))
                .extracting(Channel::channelId)
                .containsExactly(id);
    }

    @Test
    void aNewSecretIsGoodAtOnceAndTheOneBeforeForADay() {
        JsonNode made = create("acme", generic("rotated", address())).has(201).json();
        String id = made.get("channel_id").asString();
        String before = made.get("made").get("signing_secret").asString();

        JsonNode rotated = admin("acme")
                .post(PATH + "/" + id + "/secrets/signing_secret/rotate", "{}")
                .has(200)
                .json();

        String after = rotated.get("made").get("signing_secret").asString();
        assertThat(after).isNotEqualTo(before);
        assertThat(channels.secrets(channels.byId(id).orElseThrow(), "signing_secret"))
                .containsExactly(after, before);
        assertThat(rotated.get("secrets").get(0).has("previous_until")).isTrue();
        admin("acme").post(PATH + "/" + id + "/secrets/nothing/rotate", "{}").has(404);
        admin("acme")
                .post(PATH + "/" + id + "/secrets/signing_secret/rotate", "{\"value\":\"short\"}")
                .has(422);
    }

    @Test
    void aSecretKeepsItsGraceWhateverIsSetAfterIt() {
        JsonNode made =
                create("acme", generic("rotated often", address())).has(201).json();
        String id = made.get("channel_id").asString();
        String first = made.get("made").get("signing_secret").asString();
        String second = rotate(id);
        String until = secrets(id).get("previous_until").asString();

        admin("acme")
                .post(PATH + "/" + id + "/secrets/signing_secret/rotate", "{\"value\":\"" + second + "\"}")
                .has(200);
        assertThat(secrets(id).get("previous_until").asString())
                .as("the same again")
                .isEqualTo(until);
        assertThat(good(id)).containsExactly(second, first);

        String third = rotate(id);
        assertThat(good(id)).containsExactly(third, second, first);
        String fourth = rotate(id);
        String fifth = rotate(id);
        assertThat(good(id)).as("of many the newest").containsExactly(fifth, fourth, third, second);

        admin("acme")
                .post(PATH + "/" + id + "/secrets/signing_secret/rotate", "{\"value\":\"" + third + "\"}")
                .has(200);
        assertThat(good(id)).as("one of those before").containsExactly(third, fifth, fourth, second);
    }

    private String rotate(String id) {
        return admin("acme")
                .post(PATH + "/" + id + "/secrets/signing_secret/rotate", "{}")
                .has(200)
                .json()
                .at("/made/signing_secret")
                .asString();
    }

    private JsonNode secrets(String id) {
        return admin("acme").get(PATH + "/" + id).has(200).json().get("secrets").get(0);
    }

    private List<String> good(String id) {
        return channels.secrets(channels.byId(id).orElseThrow(), "signing_secret");
    }

    @Test
    void whoHasADomainHasAllOfIt() {
        String domain = UUID.randomUUID() + ".example";
        create("acme", generic("all " + domain, "*@" + domain)).has(201);

        Api.Answer refused =
                create("globex", generic("one " + domain, "support@" + domain)).has(409);
        assertThat(refused.text())
                .contains("all of its domain belongs to another client")
                .doesNotContain("acme");
        create("acme", generic("mine " + domain, "support@" + domain)).has(201);

        String other = UUID.randomUUID() + ".example";
        create("acme", generic("one " + other, "support@" + other)).has(201);
        assertThat(create("globex", generic("all " + other, "*@" + other))
                        .has(409)
                        .text())
                .contains("an address of that domain belongs to another client")
                .doesNotContain("acme");
        create("globex", generic("below", "*@sub." + other)).has(201);
    }

    @Test
    void whoChangesWhatHeDidNotReadIsToldSo() {
        Api.Answer made = create("acme", generic("changed", address())).has(201);
        String id = made.json().get("channel_id").asString();
        String tag = made.headers().get("ETag");
        String body = generic("changed twice", address());

        api.as("acme", Role.ADMIN)
                .put(PATH + "/" + id, body, Map.of("If-Match", tag))
                .has(200);
        api.as("acme", Role.ADMIN)
                .put(PATH + "/" + id, body, Map.of("If-Match", tag))
                .has(412);

        assertThat(admin("acme").get(PATH + "/" + id).json().get("name").asString())
                .isEqualTo("changed twice");
    }

    @Test
    void anAddressBelongsToOneClient() {
        String address = address();
        String first = create("acme", generic("mine", address))
                .has(201)
                .json()
                .get("channel_id")
                .asString();

        Api.Answer refused = create("globex", generic("theirs", address)).has(422);
        assertThat(refused.json().get("errors").get(0).get("field").asString()).isEqualTo("addresses");
        // The client itself may give it to another channel of its own.
        create("acme", postmark("mine too", address)).has(201);

        admin("acme").delete(PATH + "/" + first, Map.of()).has(204);
        create("globex", generic("still theirs", address)).has(422);
    }

    @Test
    void aChannelThatWasDeletedOrDisabledIsNotThere() {
        String address = address();
        String id = create("acme", generic("gone", address))
                .has(201)
                .json()
                .get("channel_id")
                .asString();

        api.as("acme", Role.ADMIN)
                .put(
                        PATH + "/" + id,
                        generic("gone", address).replace("{\"kind\"", "{\"enabled\":false,\"kind\""),
                        Map.of())
                .has(200);

        assertThat(channels.byId(id)).isEmpty();
        assertThat(channels.byAddress("email-generic", List.of(address))).isEmpty();
        admin("acme").delete(PATH + "/" + id, Map.of()).has(204);
        admin("acme").get(PATH + "/" + id).has(404);
    }

    @Test
    void anothersChannelIsNone() {
        String id = create("acme", generic("secret", address()))
                .has(201)
                .json()
                .get("channel_id")
                .asString();

        admin("globex").get(PATH + "/" + id).has(404);
        admin("globex").delete(PATH + "/" + id, Map.of()).has(404);
        admin("globex")
                .put(PATH + "/" + id, generic("mine now", address()), Map.of())
                .has(404);
        admin("globex")
                .post(PATH + "/" + id + "/secrets/signing_secret/rotate", "{}")
                .has(404);
        assertThat(admin("globex").get(PATH).has(200).text()).doesNotContain(id);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void onlyAdminsSeeChannelsAndOnlyOperatorsClients(Role role) {
        Api.As caller = role == Role.OPERATOR ? api.asOperator() : api.as("acme", role);

        caller.get(PATH).has(EnumSet.of(Role.ADMIN).contains(role) ? 200 : 403);
        caller.post(PATH, generic("role " + role, address())).has(role == Role.ADMIN ? 201 : 403);
        caller.get("/api/v1/clients").has(role == Role.OPERATOR ? 200 : 403);
        caller.post("/api/v1/clients", "{\"client_id\":\"roles\",\"name\":\"Roles\"}")
                .has(role == Role.OPERATOR ? 201 : 403);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "kind|{'kind':'fax','name':'n','addresses':['a@b.example']}",
                "name|{'kind':'email-generic','addresses':['a@b.example']}",
                "addresses|{'kind':'email-generic','name':'n'}",
                "addresses|{'kind':'email-generic','name':'n','addresses':['not an address']}",
                "settings.colour|{'kind':'email-generic','name':'n','addresses':['a@b.example'],'settings':{'colour':'red'}}",
                "settings.public_key|{'kind':'email-sendgrid','name':'n','addresses':['a@b.example']}",
                "settings.public_key|{'kind':'email-sendgrid','name':'n','addresses':['a@b.example'],'settings':{'public_key':'AAAA'}}",
                "settings.port|{'kind':'imap','name':'n','settings':{'host':'h','username':'u','port':'70000'}}",
                "secrets.signing_secret|{'kind':'email-generic','name':'n','addresses':['a@b.example'],'secrets':{'signing_secret':'abc'}}",
                "channel_id|{'kind':'email-generic','name':'n','addresses':['a@b.example'],'channel_id':'chosen-by-me'}"
            })
    void whatIsWrongIsSaidByField(String field, String body) {
        Api.Answer answer = create("acme", body.replace('\'', '"')).has(422);

        assertThat(answer.json().get("errors").findValuesAsString("field")).contains(field);
    }

    @Test
    void aClientIsProvisionedOnceHoweverOftenItIsAsked() {
        String address = "support@" + UUID.randomUUID() + ".example";
        String body = """
                {"client_id":"initech","name":"Initech","sources":["orders"],
                 "channels":[{"kind":"email-generic","name":"inbox","addresses":["%s"]}]}""".formatted(address);

        JsonNode first = api.asOperator().post("/api/v1/clients", body).has(201).json();
        JsonNode again = api.asOperator().post("/api/v1/clients", body).has(200).json();

        String id = first.get("channels").get(0).get("channel_id").asString();
        assertThat(first.get("channels").get(0).has("made")).isTrue();
        assertThat(again.get("channels").get(0).has("made")).isFalse();
        assertThat(again.get("channels").get(0).get("channel_id").asString()).isEqualTo(id);
        assertThat(again.get("channels").get(1).get("kind").asString()).isEqualTo("upstream");
        assertThat(channels.ofClient("initech", "upstream"))
                .extracting(Channel::name)
                .containsExactly("orders");
        assertThat(api.asOperator().get("/api/v1/clients").has(200).text()).contains("initech");
    }

    @Test
    void aSourceLeadsToOneChannelAndOnlyOperatorsGiveIt() {
        String source = "shop " + UUID.randomUUID();
        String body = "{\"client_id\":\"%s\",\"name\":\"Shop\",\"sources\":[\"%s\"]}";
        String channel = "{\"kind\":\"upstream\",\"name\":\"%s\",\"settings\":{%s}}";
        String id = api.asOperator()
                .post("/api/v1/clients", body.formatted("shop-one", source))
                .has(201)
                .json()
                .at("/channels/0/channel_id")
                .asString();

        api.asOperator()
                .post("/api/v1/clients", body.formatted("shop-two", source))
                .isProblem(422, "Unprocessable Content", "settings.source", source + " belongs to another client");
        api.asOperator().get("/api/v1/clients/shop-two").has(404);
        String wants = "\"source\":\"" + source + "\"";
        create("shop-two", channel.formatted("grabbed", wants)).has(422);
        create("shop-one", channel.formatted("second", wants)).has(422);
        admin("shop-one")
                .put(PATH + "/" + id, channel.formatted(source, "\"source\":\"another\""), Map.of())
                .has(422);
        admin("shop-one")
                .put(
                        PATH + "/" + id,
                        channel.formatted(source, wants + ",\"mapping\":\"{\\\"verified\\\":true}\""),
                        Map.of())
                .has(200);
        // As at each start; what is not named stays.
        api.asOperator()
                .post("/api/v1/clients", body.formatted("shop-one", source))
                .has(200);

        Channel kept = channels.bySource(source).orElseThrow();
        assertThat(kept.channelId()).isEqualTo(id);
        assertThat(kept.setting("mapping")).isEqualTo("{\"verified\":true}");
        assertThat(channels.bySource(source.toUpperCase(Locale.ROOT))).isEmpty();
        admin("shop-one").delete(PATH + "/" + id, Map.of()).has(204);
        assertThat(channels.bySource(source)).isEmpty();
    }

    @Test
    void nothingOfAClientIsProvisionedIfAPartIsRefused() {
        String taken = address();
        create("acme", generic("has it", taken)).has(201);

        api.asOperator()
                .post("/api/v1/clients", """
                        {"client_id":"hooli","name":"Hooli","channels":[
                         {"kind":"email-generic","name":"one","addresses":["%s"]},
                         {"kind":"email-generic","name":"two","addresses":["%s"]}]}""".formatted(address(), taken))
                .has(422);

        api.asOperator().get("/api/v1/clients/hooli").has(404);
        assertThat(admin("hooli").get(PATH).json().get("items")).isEmpty();
    }

    @Test
    void clientsOfTheConfigurationAreThereAtStart() {
        assertThat(channels.byId("configured-inbox").orElseThrow().clientId()).isEqualTo("configured");
    }

    private Api.As admin(String clientId) {
        return api.as(clientId, Role.ADMIN);
    }

    private Api.Answer create(String clientId, String body) {
        return admin(clientId).post(PATH, body);
    }

    private static String address() {
        return "support@" + UUID.randomUUID() + ".example";
    }

    private static String generic(String name, String address) {
        return "{\"kind\":\"email-generic\",\"name\":\"%s\",\"addresses\":[\"%s\"]}"
                .formatted(name + " " + UUID.randomUUID(), address)
                .replaceFirst("(changed twice) [^\"]*", "$1");
    }

    private static String postmark(String name, String address) {
        return "{\"kind\":\"email-postmark\",\"name\":\"%s\",\"addresses\":[\"%s\"],\"settings\":{\"username\":\"u\"}}"
                .formatted(name, address);
    }
}
