package io.opsrelay.ingestion.upstream;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.RawRecord;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a record holds, whichever way it is written: as a CloudEvent in binary mode (attributes in {@code ce_} headers),
 * in structured mode (content type {@code application/cloudevents+json}), or as plain JSON with a header
 * {@code source}.
 *
 * @param id the event's, if it has one
 * @param type the event's, if it has one
 * @param time the event's, if it has one, as it is written
 */
record Content(
        String source,
        @Nullable String id,
        @Nullable String type,
        @Nullable String time,
        JsonNode data) {

    private static final String PLAIN_SOURCE = "source";
    private static final String CLOUD_EVENT = "application/cloudevents";
    private static final int LONGEST_ID = 190;

    /** @throws UnusableException if it is none of the three */
    static Content of(RawRecord rawRecord) {
        byte[] value = rawRecord.value();
        if (value == null || value.length == 0) {
            throw new UnusableException("the record has no value");
        }
        String contentType = mediaType(rawRecord.header(Headers.CONTENT_TYPE));
        if (contentType != null && contentType.startsWith(CLOUD_EVENT)) {
            if (!contentType.equals(CLOUD_EVENT + "+json")) {
                throw new UnusableException("content-type " + UnusableException.clip(contentType)
                        + " is not taken: one event a record, as " + CLOUD_EVENT + "+json");
            }
            return structured(rawRecord, json(value));
        }
        requireJson("content-type", contentType);
        String version = rawRecord.header(Headers.SPEC_VERSION);
        if (version != null) {
            requireVersion(version);
            return new Content(
                    required("header " + Headers.SOURCE, rawRecord.header(Headers.SOURCE)),
                    bounded(required("header " + Headers.ID, rawRecord.header(Headers.ID))),
                    required("header " + Headers.TYPE, rawRecord.header(Headers.TYPE)),
                    rawRecord.header(Headers.TIME),
                    object(json(value)));
        }
        String source = rawRecord.header(PLAIN_SOURCE);
        if (source == null) {
            throw new UnusableException(
                    "nobody knows whose this is: it is no CloudEvent (no ce_specversion, no content-type " + CLOUD_EVENT
                            + "+json) and has no header source");
        }
        return new Content(source, null, null, null, object(json(value)));
    }

    /** Who has written a record whose content is none, by its headers; null where they do not tell. */
    static @Nullable String statedSource(RawRecord rawRecord) {
        String contentType = mediaType(rawRecord.header(Headers.CONTENT_TYPE));
        if (contentType != null && contentType.startsWith(CLOUD_EVENT)) {
            return null;
        }
        return rawRecord.header(rawRecord.header(Headers.SPEC_VERSION) == null ? PLAIN_SOURCE : Headers.SOURCE);
    }

    private static Content structured(RawRecord rawRecord, JsonNode event) {
        if (!event.isObject()) {
            throw new UnusableException("the value is not a CloudEvent: not a JSON object");
        }
        requireVersion(required("specversion", attribute(event, "specversion")));
        String source = required("source", attribute(event, "source"));
        for (String header : new String[] {Headers.SOURCE, PLAIN_SOURCE}) {
            String stated = rawRecord.header(header);
            if (stated != null && !stated.equals(source)) {
                throw new UnusableException("header " + header + " and the event's source differ");
            }
        }
        return new Content(
                source,
                bounded(required("id", attribute(event, "id"))),
                required("type", attribute(event, "type")),
                attribute(event, "time"),
                object(dataOf(event)));
    }

    private static JsonNode dataOf(JsonNode event) {
        requireJson("datacontenttype", mediaType(attribute(event, "datacontenttype")));
        JsonNode encoded = event.path("data_base64");
        if (encoded.isMissingNode()) {
            return event.path("data");
        }
        if (event.has("data")) {
            throw new UnusableException("the event has both data and data_base64");
        }
        try {
            return json(Base64.getDecoder().decode(encoded.asString("")));
        } catch (IllegalArgumentException e) {
            throw new UnusableException("data_base64 is not base64");
        }
    }

    private static @Nullable String attribute(JsonNode event, String name) {
        JsonNode value = event.path(name);
        return value.isString() ? value.asString() : null;
    }

    private static JsonNode json(byte[] value) {
        try {
            return ContractJson.mapper().readTree(value);
        } catch (JacksonException e) {
            throw new UnusableException("the value is not JSON: " + e.getOriginalMessage());
        }
    }

    private static JsonNode object(JsonNode data) {
        if (!data.isObject()) {
            throw new UnusableException("the data is not a JSON object");
        }
        return data;
    }

    private static String required(String what, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new UnusableException(what + " is missing: not a CloudEvent 1.0");
        }
        return value;
    }

    private static String bounded(String id) {
        if (id.length() > LONGEST_ID) {
            throw new UnusableException("the event's id must have at most " + LONGEST_ID + " characters");
        }
        return id;
    }

    private static void requireVersion(String version) {
        if (!version.equals("1.0")) {
            throw new UnusableException(
                    "only CloudEvents 1.0 are taken, not specversion " + UnusableException.clip(version));
        }
    }

    private static void requireJson(String what, @Nullable String mediaType) {
        if (mediaType != null && !mediaType.endsWith("/json") && !mediaType.endsWith("+json")) {
            throw new UnusableException(what + " must be JSON, not " + UnusableException.clip(mediaType));
        }
    }

    /** Without its parameters, in lower case. */
    private static @Nullable String mediaType(@Nullable String contentType) {
        return contentType == null ? null : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
