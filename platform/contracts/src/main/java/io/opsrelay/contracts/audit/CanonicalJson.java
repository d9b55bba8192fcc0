package io.opsrelay.contracts.audit;

import io.opsrelay.contracts.ContractJson;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Values in the one text that is hashed: canonical JSON (RFC 8785) without numbers that a double cannot hold exactly.
 * Those, and all that have a fraction, are written as strings, so that no reader changes them.
 */
public final class CanonicalJson {

    private static final BigInteger LARGEST = BigInteger.TWO.pow(53);
    private static final char REPLACEMENT = '\uFFFD';

    private final StringBuilder text = new StringBuilder();

    private CanonicalJson() {}

    /** The text of {@code value}, which may be anything that can stand in an event. */
    public static String of(Object value) {
        CanonicalJson canonical = new CanonicalJson();
        canonical.write(ContractJson.mapper().valueToTree(value));
        return canonical.text.toString();
    }

    private void write(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> writeObject(node);
            case ARRAY -> writeArray(node);
            case STRING -> writeString(node.stringValue());
            case NUMBER -> writeNumber(node);
            case BOOLEAN -> text.append(node.booleanValue());
            case NULL, MISSING -> text.append("null");
            case BINARY, POJO -> writeString(node.asString());
        }
    }

    /** By the names' UTF-16 code units, which is how Java compares strings. */
    private void writeObject(JsonNode object) {
        List<String> names = new ArrayList<>(object.propertyNames());
        Collections.sort(names);
        text.append('{');
        for (String name : names) {
            if (text.charAt(text.length() - 1) != '{') {
                text.append(',');
            }
            writeString(name);
            text.append(':');
            write(object.get(name));
        }
        text.append('}');
    }

    private void writeArray(JsonNode array) {
        text.append('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                text.append(',');
            }
            write(array.get(i));
        }
        text.append(']');
    }

    private void writeNumber(JsonNode number) {
        if (number.isIntegralNumber() && number.bigIntegerValue().abs().compareTo(LARGEST) <= 0) {
            text.append(number.bigIntegerValue());
        } else {
            writeString(number.asString());
        }
    }

    private void writeString(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char unit = value.charAt(i);
            if (Character.isHighSurrogate(unit)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                text.append(unit).append(value.charAt(++i));
            } else {
                writeUnit(unit);
            }
        }
        text.append('"');
    }

    /** No database keeps the character 0, and half a surrogate pair is no character. */
    private void writeUnit(char unit) {
        switch (unit) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\b' -> text.append("\\b");
            case '\t' -> text.append("\\t");
            case '\n' -> text.append("\\n");
            case '\f' -> text.append("\\f");
            case '\r' -> text.append("\\r");
            default -> {
                if (unit == 0 || Character.isSurrogate(unit)) {
                    text.append(REPLACEMENT);
                } else if (unit < 0x20) {
                    text.append(String.format("\\u%04x", (int) unit));
                } else {
                    text.append(unit);
                }
            }
        }
    }
}
