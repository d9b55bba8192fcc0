package io.opsrelay.gateway.feed;

import io.opsrelay.contracts.ContractJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.io.JsonStringEncoder;

/** What the feed needs of JSON without building objects. */
final class Json {

    private Json() {}

    /** The string as it stands between quotes. */
    static byte[] escaped(String text) {
        return JsonStringEncoder.getInstance().quoteAsUTF8(text);
    }

    /**
     * Checks that these bytes can be put into a frame as they are.
     *
     * @throws PoisonRecordException if they are not one JSON object in UTF-8, nested at most 50 deep
     */
    static void requireObject(byte[] value) throws PoisonRecordException {
        // Decoded first: Jackson would recognise UTF-16 and UTF-32, which a frame cannot hold.
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PoisonRecordException("the value is not valid UTF-8");
        }
        try (JsonParser parser = ContractJson.mapper().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new PoisonRecordException("the value is not a JSON object");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new PoisonRecordException("something follows the JSON object");
            }
        } catch (JacksonException e) {
            throw new PoisonRecordException("the value is not valid JSON: " + e.getOriginalMessage());
        }
    }
}
