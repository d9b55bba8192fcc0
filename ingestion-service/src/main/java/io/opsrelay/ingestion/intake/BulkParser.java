package io.opsrelay.ingestion.intake;

import io.opsrelay.ingestion.intake.BulkLine.Wrong;
import io.opsrelay.ingestion.ticket.HandedTicket;
import io.opsrelay.ingestion.ticket.RequestKey;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.BeanPropertyBindingResult;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Reads lines as tickets, by the same rules as a single one. */
final class BulkParser {

    private static final PostedTicketRules RULES = new PostedTicketRules();

    private final JsonMapper json;
    private final String actor;
    private final @Nullable String key;
    private final int maxLine;

    /**
     * @param actor who hands the tickets in
     * @param key names the lines without an external id, together with their numbers
     */
    BulkParser(JsonMapper json, String actor, @Nullable String key, int maxLine) {
        this.json = json;
        this.actor = actor;
        this.key = key;
        this.maxLine = maxLine;
    }

    BulkLine parse(BulkLines.Line line) {
        byte[] bytes = line.bytes();
        if (bytes == null) {
            return refused(line, null, "is longer than the " + maxLine + " bytes that a line may have");
        }
        try {
            PostedTicket posted = json.readValue(bytes, PostedTicket.class);
            return posted == null ? refused(line, null, "must be a ticket as a JSON object") : checked(line, posted);
        } catch (UnrecognizedPropertyException unknown) {
            return refused(line, pathOf(unknown), "is not a field of this request");
        } catch (StreamConstraintsException e) {
            return refused(line, null, "the JSON is nested too deeply or a value in it is too long");
        } catch (DatabindException mismatch) {
            return mismatch.getPath().isEmpty()
                    ? refused(line, null, "must be a ticket as a JSON object")
                    : refused(line, pathOf(mismatch), "does not have the form it must have");
        } catch (JacksonException e) {
            return refused(line, null, "is not valid JSON in UTF-8");
        }
    }

    private BulkLine checked(BulkLines.Line line, PostedTicket posted) {
        BeanPropertyBindingResult result = new BeanPropertyBindingResult(posted, "postedTicket");
        RULES.validate(posted, result);
        if (result.hasErrors()) {
            return new BulkLine(
                    line.number(),
                    0,
                    null,
                    result.getFieldErrors().stream()
                            .map(error ->
                                    new Wrong(snakeCase(error.getField()), String.valueOf(error.getDefaultMessage())))
                            .toList());
        }
        byte[] bytes = line.bytes();
        return new BulkLine(
                line.number(),
                bytes == null ? 0 : bytes.length,
                new HandedTicket(posted.toNewTicket(actor), keyOf(line.number(), posted)),
                List.of());
    }

    /** A space stands in no header's key: a line's name is never that of a single ticket. */
    private @Nullable RequestKey keyOf(long number, PostedTicket posted) {
        return key == null || posted.externalId() != null ? null : RequestKey.of(key + " " + number, posted.hash());
    }

    private static BulkLine refused(BulkLines.Line line, @Nullable String field, String reason) {
        return new BulkLine(line.number(), 0, null, List.of(new Wrong(field, reason)));
    }

    private static String pathOf(DatabindException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }

    private static String snakeCase(String field) {
        return field.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
