package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a ticket's text: received, understood, answered in draft. */
public sealed interface TicketEvent extends Event {

    /** The ticket. */
    UUID ticketId();

    @Override
    @JsonIgnore
    default String key() {
        return ticketId().toString();
    }

    /**
     * A ticket was accepted and stored. From ingestion-service.
     *
     * @param channel how it came: api, email, chat, upstream, zendesk, alert
     * @param body plain text, not redacted
     * @param customer who wrote
     * @param priority as the sender set it: low, normal, high, urgent; absent when unset
     * @param externalId the sender's own id
     * @param metadata the sender's own key-value pairs
     */
    @EventType(value = "io.opsrelay.ticket.received.v1", topic = Topics.TICKET)
    record TicketReceived(
            UUID ticketId,
            String channel,
            String subject,
            String body,
            Customer customer,
            @Nullable String priority,
            @Nullable String externalId,
            Map<String, String> metadata)
            implements TicketEvent {
        public TicketReceived {
            Require.present(ticketId, "ticket_id");
            Require.text(channel, "channel");
            Require.text(subject, "subject");
            Require.present(body, "body");
            Require.present(customer, "customer");
            metadata = metadata == null ? Map.of() : Require.map(metadata, "metadata");
        }
    }

    /**
     * A person who writes to a client.
     *
     * @param verified whether the sender's address was proven or vouched for; unverified senders get no financial or
     *     account tool
     */
    record Customer(UUID customerId, String email, boolean verified) {
        public Customer {
            Require.present(customerId, "customer_id");
            Require.text(email, "email");
        }
    }

    /**
     * The text was understood. From agent-service.
     *
     * @param category the best label of the classifier
     * @param confidence calibrated probability of the category, 0 to 1
     * @param outOfScope whether the text lies outside what the classifier knows
     * @param language ISO 639-1
     * @param sentiment negative, neutral, positive
     * @param priority low, normal, high, urgent
     * @param method which engine decided, e.g. local
     * @param modelVersion version of the model that decided
     * @param processingMillis time spent on it
     */
    @EventType(value = "io.opsrelay.ticket.classified.v1", topic = Topics.TICKET)
    record TicketClassified(
            UUID ticketId,
            UUID runId,
            String category,
            double confidence,
            boolean outOfScope,
            String language,
            String sentiment,
            String priority,
            String method,
            String modelVersion,
            double processingMillis)
            implements TicketEvent {
        public TicketClassified {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.text(category, "category");
            Require.fraction(confidence, "confidence");
            Require.text(language, "language");
            Require.text(sentiment, "sentiment");
            Require.text(priority, "priority");
            Require.text(method, "method");
            Require.text(modelVersion, "model_version");
        }
    }

    /**
     * A reply was written. From agent-service.
     *
     * @param kind acknowledgement (something still has to happen), answer, outcome (what was done)
     * @param text plain text
     * @param citations the passages that an answer rests on
     */
    @EventType(value = "io.opsrelay.ticket.reply_drafted.v1", topic = Topics.TICKET)
    record ReplyDrafted(UUID ticketId, UUID runId, String kind, String text, List<Citation> citations)
            implements TicketEvent {
        public ReplyDrafted {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.text(kind, "kind");
            Require.text(text, "text");
            citations = citations == null ? List.of() : List.copyOf(citations);
        }
    }

    /** A passage of the knowledge base. */
    record Citation(String articleId, String title, String passage) {
        public Citation {
            Require.text(articleId, "article_id");
            Require.text(title, "title");
            Require.text(passage, "passage");
        }
    }
}
