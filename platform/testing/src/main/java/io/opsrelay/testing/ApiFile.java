package io.opsrelay.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The committed descriptions of the API, from which the dashboard's types are made. What a service says of itself is
 * compared with its file, so that nobody changes an answer without the dashboard's compiler having a word in it.
 */
public final class ApiFile {

    private static final String RENEW = "OPSRELAY_RENEW_OPENAPI";
    private static final Path FOLDER = Path.of("realtime-gateway", "dashboard", "openapi");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ApiFile() {}

    /** What the service of that name said when its file was renewed last. */
    public static JsonNode ofService(String service) {
        return JSON.readTree(read(fileOf(service)));
    }

    /**
     * Leaves what is served as {@code target/openapi.json}, and compares it.
     *
     * @param service whose part it is
     * @throws AssertionError if the committed file says something else; the text names the command that renews it
     */
    public static void assertCommitted(String service, String served) {
        assertSame(service, fileOf(service), served);
    }

    /** As {@link #assertCommitted(String, String)}, for the whole that the gateway makes of the services' parts. */
    public static void assertCommittedAsWhole(String served) {
        assertSame("realtime-gateway", module().resolveSibling(FOLDER).resolve("openapi.json"), served);
    }

    private static void assertSame(String module, Path committed, String served) {
        String text = JSON.writeValueAsString(inOrder(JSON.readTree(served), false)) + "\n";
        write(module().resolve("target").resolve("openapi.json"), text);
        if (Boolean.parseBoolean(System.getenv(RENEW))) {
            write(committed, text);
        }
        if (!Files.exists(committed) || !JSON.readTree(read(committed)).equals(JSON.readTree(text))) {
            throw new AssertionError(committed.getFileName() + " does not say what " + module
                    + " answers now (see its target/openapi.json). If that is meant, renew it, and then the whole:\n"
                    + RENEW + "=true mvn -pl " + module + " -am test -Dtest=OpenApiTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false\n"
                    + RENEW + "=true mvn -pl realtime-gateway -am test -Dtest=OpenApiTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false");
        }
    }

    /** Names in the order of the alphabet, so that a file changes where its content does; a schema's fields stay. */
    private static JsonNode inOrder(JsonNode node, boolean asTheyAre) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JSON.createArrayNode();
            array.forEach(item -> copy.add(inOrder(item, false)));
            return copy;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        List<String> names = new ArrayList<>(object.propertyNames());
        if (!asTheyAre) {
            names.sort(null);
        }
        ObjectNode copy = JSON.createObjectNode();
        names.forEach(name -> copy.set(name, inOrder(object.get(name), name.equals("properties"))));
        return copy;
    }

    private static Path fileOf(String service) {
        return module().resolveSibling(FOLDER).resolve("services").resolve(service + ".json");
    }

    /** Where a module's tests run. */
    private static Path module() {
        return Path.of("").toAbsolutePath();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
