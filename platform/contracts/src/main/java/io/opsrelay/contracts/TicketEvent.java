package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What becomes of a ticket: received, understood, answered in draft, given to the agent again, settled by a person. */
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
     * A ticket that another system has worked already was stored, resolved; no run will follow. From ingestion-service.
     * Carries none of its text.
     *
     * @param channel how it came, see {@link TicketReceived}
     * @param externalId the other system's id of it
     * @param category what the other system found it to be about
     * @param confidence of the category, 0 to 1; absent when unknown
     * @param accuracy as the other system states it, 0 to 1; absent when unknown. A claim, not a measurement
     * @param industry what kind of business it is about
     * @param region where it comes from, as the other system names it
     * @param method how the other system classified it
     * @param processingMillis time the other system spent on it
     * @param piiProtected whether personal data was taken out before a model read the text; absent when unknown
     * @param redactions how often each kind of personal data was taken out; absent when unknown
     * @param replyDrafted whether a reply was drafted
     */
    @EventType(value = "io.opsrelay.ticket.imported.v1", topic = Topics.TICKET)
    record TicketImported(
            UUID ticketId,
            String channel,
            @Nullable String externalId,
            @Nullable String category,
            @Nullable Double confidence,
            @Nullable Double accuracy,
            @Nullable String industry,
            @Nullable String region,
            @Nullable String method,
            @Nullable Double processingMillis,
            @Nullable Boolean piiProtected,
            @Nullable Map<String, Integer> redactions,
            boolean replyDrafted)
            implements TicketEvent {
        public TicketImported {
            Require.present(ticketId, "ticket_id");
            Require.text(channel, "channel");
            if (confidence != null) {
                Require.fraction(confidence, "confidence");
            }
            if (accuracy != null) {
                Require.fraction(accuracy, "accuracy");
            }
            redactions = redactions == null ? null : Require.map(redactions, "redactions");
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
     * @param confidence probability of the category, 0 to 1: calibrated, unless a model states it
     * @param outOfScope whether the text lies outside what the classifier knows
     * @param language ISO 639-1
     * @param sentiment negative, neutral, positive
     * @param priority low, normal, high, urgent
     * @param method which engine decided, e.g. local, or model
     * @param modelVersion version of the model that decided, or the model's name
     * @param processingMillis time spent on it
     * @param redactions how often each kind of personal data was taken out before the text was read; absent from older
     *     writers, empty where there was none
     * @param industry what kind of business the text is about, e.g. retail; absent when unknown
     * @param region ISO 3166-1 country that the text points to; absent when unknown
     * @param rootCause what a model takes to be behind the matter, in plain words; absent from older writers and when unknown
     * @param employee the AI employee who works the ticket; absent from older writers and where the client has none
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
            double processingMillis,
            @Nullable Map<String, Integer> redactions,
            @Nullable String industry,
            @Nullable String region,
            @Nullable String rootCause,
            @Nullable String employee)
            implements TicketEvent {

        /** What nobody in particular found out. */
        public TicketClassified(
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
                double processingMillis,
                @Nullable Map<String, Integer> redactions,
                @Nullable String industry,
                @Nullable String region,
                @Nullable String rootCause) {
            this(
                    ticketId,
                    runId,
                    category,
                    confidence,
                    outOfScope,
                    language,
                    sentiment,
                    priority,
                    method,
                    modelVersion,
                    processingMillis,
                    redactions,
                    industry,
                    region,
                    rootCause,
                    null);
        }

        /** The same, told of the AI employee who works the ticket. */
        public TicketClassified by(@Nullable String who) {
            return new TicketClassified(
                    ticketId,
                    runId,
                    category,
                    confidence,
                    outOfScope,
                    language,
                    sentiment,
                    priority,
                    method,
                    modelVersion,
                    processingMillis,
                    redactions,
                    industry,
                    region,
                    rootCause,
                    who);
        }

        public TicketClassified {
            redactions = redactions == null ? null : Require.map(redactions, "redactions");
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

    /**
     * The agent shall work on the ticket, again: somebody asked for another try, or the customer wrote after it was
     * answered. From ingestion-service.
     *
     * @param runId the run to be begun; no other one is waited for
     * @param cause retried (a person asked for it), replied (the customer wrote)
     * @param by who caused it: {@code user:<name>}, {@code customer}
     * @param ticket as it stands now: unlike at its reception the customer counts as verified only if every message was
     * @param textOpen whether the ticket's own text still waits for an answer
     * @param conversation what was said after the ticket's own text, oldest first; no internal notes
     * @param leftOut how many older messages are not in {@code conversation}, which has bounds
     */
    @EventType(value = "io.opsrelay.ticket.run_requested.v1", topic = Topics.TICKET)
    record RunRequested(
            UUID ticketId,
            UUID runId,
            String cause,
            String by,
            TicketReceived ticket,
            boolean textOpen,
            List<Said> conversation,
            int leftOut)
            implements TicketEvent {
        public RunRequested {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.text(cause, "cause");
            Require.text(by, "by");
            Require.present(ticket, "ticket");
            conversation = conversation == null ? List.of() : List.copyOf(conversation);
            if (leftOut < 0) {
                throw new IllegalArgumentException("left_out must not be negative");
            }
        }
    }

    /**
     * The customer wrote again before the ticket was answered: a run that has neither proposed nor answered anything takes
     * it into account and tells so ({@link RunEvent.MessageTaken}); otherwise another run will be asked for. Whoever decides
     * about what that run proposed is to know of it. From ingestion-service.
     *
     * @param runId the run that the ticket waits for or has; absent where any may take it up
     * @param seq the ticket's version that brought the message
     * @param verified whether all that was said on the ticket is proven to be its customer's
     */
    @EventType(value = "io.opsrelay.ticket.customer_replied.v1", topic = Topics.TICKET)
    record CustomerReplied(UUID ticketId, @Nullable UUID runId, long seq, Said said, boolean verified)
            implements TicketEvent {
        public CustomerReplied {
            Require.present(ticketId, "ticket_id");
            Require.present(said, "said");
            if (seq < 1) {
                throw new IllegalArgumentException("seq must be positive");
            }
        }
    }

    /**
     * A message of a ticket's conversation.
     *
     * @param from customer, agent (the AI), person (a desk agent)
     * @param text plain text, not redacted
     * @param open whether it still waits for an answer
     */
    record Said(String from, String text, boolean open, Instant at) {
        public Said {
            Require.text(from, "from");
            Require.present(text, "text");
            Require.present(at, "at");
        }
    }

    /**
     * A person set the ticket's status: runs that have not proposed anything yet are over. From ingestion-service.
     *
     * @param status resolved, escalated, closed
     * @param by who: {@code user:<name>}
     * @param reason why, in that person's words
     */
    @EventType(value = "io.opsrelay.ticket.status_set.v1", topic = Topics.TICKET)
    record StatusSet(
            UUID ticketId,
            String status,
            String by,
            @Nullable String reason) implements TicketEvent {
        public StatusSet {
            Require.present(ticketId, "ticket_id");
            Require.text(status, "status");
            Require.text(by, "by");
        }
    }

    /**
     * A person said what the ticket is about, or how it is written. That stands: no later classification changes it. From
     * ingestion-service. Carries nothing of the ticket's text.
     *
     * @param field category, priority, language, sentiment
     * @param classified what the agent had found last; absent if it had not looked yet
     * @param modelVersion version of the model that had found that, or the model's name
     * @param corrected what the person says; the same as {@code classified} where that is confirmed
     * @param by who: {@code user:<name>}
     */
    @EventType(value = "io.opsrelay.ticket.corrected.v1", topic = Topics.TICKET)
    record TicketCorrected(
            UUID ticketId,
            String field,
            @Nullable String classified,
            @Nullable String modelVersion,
            String corrected,
            String by)
            implements TicketEvent {
        public TicketCorrected {
            Require.present(ticketId, "ticket_id");
            Require.text(field, "field");
            Require.text(corrected, "corrected");
            Require.text(by, "by");
        }
    }

    /**
     * All that is personal about the ticket's customer was erased, and must be erased wherever it was copied to: texts,
     * addresses, names, what was redacted, arguments that carry an address. The ticket is over. From ingestion-service.
     *
     * @param customerId who it was; one such event for each of that customer's tickets
     */
    @EventType(value = "io.opsrelay.ticket.customer_erased.v1", topic = Topics.TICKET)
    record CustomerErased(UUID ticketId, UUID customerId) implements TicketEvent {
        public CustomerErased {
            Require.present(ticketId, "ticket_id");
            Require.present(customerId, "customer_id");
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
