package io.opsrelay.contracts.audit;

import io.opsrelay.contracts.ContractJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * An entry as a line of an export: {@code {"seq":..,"previous":"..","hash":"..","entry":{..}}}, whose entry is the text
 * that was hashed, byte for byte.
 */
public final class ExportLine {

    private ExportLine() {}

    /** Without a line end. */
    public static String of(SealedEntry entry) {
        return "{\"seq\":" + entry.seq() + ",\"previous\":\"" + entry.previous() + "\",\"hash\":\"" + entry.hash()
                + "\",\"entry\":" + entry.entry() + "}";
    }

    /**
     * Reads a line, also one that another program has written anew.
     *
     * @throws IllegalArgumentException if it is no line of an export
     */
    public static SealedEntry read(String line) {
        try {
            JsonNode node = ContractJson.mapper().readTree(line);
            if (!node.path("seq").isIntegralNumber()
                    || !node.path("previous").isString()
                    || !node.path("hash").isString()
                    || !node.path("entry").isObject()) {
                throw new IllegalArgumentException("a line needs seq, previous, hash and entry");
            }
            return new SealedEntry(
                    node.path("seq").longValue(),
                    node.path("previous").stringValue(),
                    CanonicalJson.of(node.path("entry")),
                    node.path("hash").stringValue());
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Whose chain an entry says that it belongs to.
     *
     * @throws IllegalArgumentException if it does not say
     */
    public static Owner ownerOf(SealedEntry entry) {
        JsonNode text = ContractJson.mapper().readTree(entry.entry());
        String service = text.path("service").asString("");
        String client = text.path("client_id").asString("");
        if (service.isEmpty() || client.isEmpty()) {
            throw new IllegalArgumentException("it does not say whose it is");
        }
        return new Owner(service, client);
    }

    /** A chain's service and client. */
    public record Owner(String service, String clientId) {}
}
