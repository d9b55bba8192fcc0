package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.Spool;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Base64Variants;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object whose files are read as they come: base64 goes decoded into spools, never into one string. So does a whole
 * mail that stands in one field. All else is small, or is cut, and becomes a tree.
 */
final class JsonFields implements Closeable {

    private static final int MOST_FILES = 500;

    /** Of one text; longer ones are cut, or taken out, before they come here. */
    private static final int LONGEST_TEXT = JsonSieve.LONGEST_TEXT + 16;

    /** Of all that is read of a request that proves nothing yet, in characters. */
    private static final int MOST_UNPROVEN = 64 * 1024;

    private static final int PER_VALUE = 16;

    private static final int DEEPEST = 20;

    /** Anybody may post, and a tree of many tiny values takes many times their bytes. */
    private static final long MOST_TOKENS = 100_000;

    private static final JsonMapper JSON = mapper(LONGEST_TEXT);
    private static final JsonMapper SMALL = mapper(MOST_UNPROVEN);

    private final Map<String, JsonNode> fields = new HashMap<>();
    private final List<File> files = new ArrayList<>();
    private @Nullable JsonSieve sieve;

    /** One of the files: its small fields, and its content. */
    record File(Map<String, String> facts, @Nullable Spool content) {}

    private JsonFields() {}

    private static JsonMapper mapper(int longestText) {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(DEEPEST)
                                .maxStringLength(longestText)
                                .maxTokenCount(MOST_TOKENS)
                                .build())
                        .build())
                // Fields are read one by one: behind each of them comes the next.
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }

    /**
     * Reads an object.
     *
     * @param filesIn the field with the list of files
     * @param contentIn the field of each of them that holds its base64, in lower case
     * @param wholeIn the field that holds a whole mail as text; empty if there is none
     * @throws MalformedException if it is no JSON object, or a file's content no base64
     */
    static JsonFields read(Posted posted, String filesIn, String contentIn, String wholeIn)
            throws IOException, MalformedException {
        JsonFields read = new JsonFields();
        try (InputStream body = new BufferedInputStream(posted.body().open(), 64 * 1024);
                JsonSieve in = new JsonSieve(body, contentIn, wholeIn);
                JsonParser parser = JSON.createParser(in)) {
            read.sieve = in;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("body", "must be a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(filesIn) && value == JsonToken.START_ARRAY) {
                    read.readFiles(parser, filesIn, contentIn);
                } else {
                    read.fields.put(name, JSON.readTree(parser));
                }
            }
            if (parser.nextToken() != null) {
                throw new MalformedException("body", "must be one JSON object and nothing else");
            }
            return read;
        } catch (JacksonIOException e) {
            read.close();
            throw new IOException("the body could not be read, or its files not be written", e);
        } catch (JacksonException e) {
            read.close();
            throw new MalformedException("body", "is not valid JSON in UTF-8");
        } catch (IOException | MalformedException | RuntimeException e) {
            read.close();
            throw e;
        }
    }

    /**
     * Only these fields of the object, which must be small: of a request that proves nothing yet no more is kept, and
     * what is between them is passed over.
     *
     * @throws MalformedException if it is no JSON object, or these fields are not small
     */
    static JsonFields only(Posted posted, Set<String> names) throws IOException, MalformedException {
        JsonFields read = new JsonFields();
        int[] left = {MOST_UNPROVEN};
        try (InputStream in = new BufferedInputStream(posted.body().open(), 64 * 1024);
                JsonParser parser = SMALL.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedException("body", "must be a JSON object");
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (names.contains(name)) {
                    read.fields.put(name, small(parser, left));
                } else {
                    parser.skipChildren();
                }
            }
            return read;
        } catch (JacksonIOException e) {
            throw new IOException("the body could not be read", e);
        } catch (JacksonException e) {
            throw new MalformedException("body", "is not valid JSON in UTF-8");
        }
    }

    private static JsonNode small(JsonParser parser, int[] left) throws MalformedException {
        take(left, PER_VALUE);
        switch (parser.currentToken()) {
            case START_ARRAY -> {
                ArrayNode array = JSON.createArrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(small(parser, left));
                }
                return array;
            }
            case START_OBJECT -> {
                ObjectNode object = JSON.createObjectNode();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    take(left, name.length());
                    parser.nextToken();
                    object.set(name, small(parser, left));
                }
                return object;
            }
            case VALUE_STRING -> {
                String text = parser.getString();
                take(left, text.length());
                return JSON.getNodeFactory().stringNode(text);
            }
            default -> {
                return JSON.nullNode();
            }
        }
    }

    private static void take(int[] left, int characters) throws MalformedException {
        left[0] -= characters;
        if (left[0] < 0) {
            throw new MalformedException("body", "names too many recipients");
        }
    }

    private void readFiles(JsonParser parser, String filesIn, String contentIn) throws IOException, MalformedException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            if (files.size() >= MOST_FILES) {
                throw new MalformedException(filesIn, "must be at most " + MOST_FILES);
            }
            Map<String, String> facts = new HashMap<>();
            Spool content = null;
            try {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (name.equalsIgnoreCase(contentIn) && value == JsonToken.VALUE_STRING && content == null) {
                        content = new Spool();
                        base64(parser, content, filesIn + "[" + files.size() + "]." + name);
                    } else if (value.isScalarValue()) {
                        facts.put(name, value == JsonToken.VALUE_NULL ? "" : parser.getString());
                    } else {
                        throw new MalformedException(filesIn + "[" + files.size() + "]." + name, "must be a text");
                    }
                }
            } catch (MalformedException | RuntimeException e) {
                if (content != null) {
                    content.close();
                }
                throw e;
            }
            files.add(new File(facts, content));
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new MalformedException(filesIn, "must be a list of objects");
        }
    }

    private static void base64(JsonParser parser, Spool content, String field) throws MalformedException {
        try {
            parser.readBinaryValue(Base64Variants.MIME, content);
        } catch (JacksonIOException e) {
            throw e;
        } catch (JacksonException e) {
            throw new MalformedException(field, "must be base64");
        }
    }

    Set<String> names() {
        return Set.copyOf(fields.keySet());
    }

    /** A text, or null if it is absent, null or no text. */
    @Nullable
    String text(String name) {
        JsonNode node = fields.get(name);
        return node == null || !node.isString() ? null : node.stringValue();
    }

    /** Missing if it is absent. */
    JsonNode node(String name) {
        JsonNode node = fields.get(name);
        return node == null ? JSON.missingNode() : node;
    }

    List<File> files() {
        return List.copyOf(files);
    }

    /** A whole mail as text, if there is one. */
    @Nullable
    Spool whole() {
        return sieve == null ? null : sieve.whole();
    }

    @Override
    public void close() throws IOException {
        for (File file : files) {
            if (file.content() != null) {
                file.content().close();
            }
        }
        Spool whole = whole();
        if (whole != null) {
            whole.close();
        }
    }
}
