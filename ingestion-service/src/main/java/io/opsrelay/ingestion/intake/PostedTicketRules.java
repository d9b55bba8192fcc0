package io.opsrelay.ingestion.intake;

import io.opsrelay.ingestion.ticket.TicketRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

/**
 * What a posted ticket must look like: the {@link TicketRules}, and what only a caller of the API may say. Every rule names
 * its field and says what to do.
 */
final class PostedTicketRules implements Validator {

    private static final List<String> CHANNELS = List.of("api", "email", "chat", "upstream", "zendesk", "alert");
    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "urgent");

    @Override
    public boolean supports(Class<?> type) {
        return type == PostedTicket.class;
    }

    @Override
    public void validate(Object target, Errors errors) {
        PostedTicket ticket = (PostedTicket) target;
        check(errors, "subject", TicketRules.subject(ticket.subject()));
        check(errors, "body", TicketRules.body(ticket.body()));
        check(errors, "customer_email", TicketRules.email(ticket.customerEmail()));
        check(errors, "channel", oneOf(CHANNELS, ticket.channel()));
        check(errors, "priority", oneOf(PRIORITIES, ticket.priority()));
        check(errors, "external_id", TicketRules.externalId(ticket.externalId()));
        if (ticket.metadata() != null) {
            check(errors, "metadata", TicketRules.metadata(ticket.metadata()));
        }
    }

    private static void check(Errors errors, String field, @Nullable String reason) {
        String property =
                switch (field) {
                    case "customer_email" -> "customerEmail";
                    case "external_id" -> "externalId";
                    default -> field;
                };
        if (reason != null && !errors.hasFieldErrors(property)) {
            errors.rejectValue(property, "refused", reason);
        }
    }

    private static @Nullable String oneOf(List<String> allowed, @Nullable String value) {
        return value == null || allowed.contains(value) ? null : "must be one of " + String.join(", ", allowed);
    }
}
