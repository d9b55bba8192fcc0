package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The file of all that is held of a customer: what each service holds is asked for and answered ticket by ticket. */
public sealed interface ExportEvent extends Event {

    /** The file that is being made. */
    UUID exportId();

    /** One of the customer's tickets. */
    UUID ticketId();

    @Override
    @JsonIgnore
    default String key() {
        return ticketId().toString();
    }

    /** What a service's answer about a ticket belongs to: it is sealed for that, and opens for nothing else. */
    static String belongsTo(UUID exportId, UUID ticketId, String service) {
        return exportId + "/" + ticketId + "/" + service;
    }

    /** Seals contents in parts, for whoever has the private key and knows what they belong to. */
    @FunctionalInterface
    interface Seal {
        /** In base64; the key as in {@link ExportRequested}. */
        List<String> seal(String publicKey, byte[] contents, String belongsTo);
    }

    /**
     * Every service that holds something of the ticket shall send it, sealed. Among the ticket's events, so that a service
     * has applied all that came before. From ingestion-service.
     *
     * @param customerId whose ticket it is
     * @param publicKey seals the answers: RSA, X.509 in base64. Who asks deletes the private one as soon as the file is made or
     *     given up
     */
    @EventType(value = "io.opsrelay.export.requested.v1", topic = Topics.TICKET)
    record ExportRequested(UUID exportId, UUID ticketId, UUID customerId, String publicKey) implements ExportEvent {
        public ExportRequested {
            Require.present(exportId, "export_id");
            Require.present(ticketId, "ticket_id");
            Require.present(customerId, "customer_id");
            Require.text(publicKey, "public_key");
        }

        /**
         * The answer of a service.
         *
         * @param held what it holds of the ticket, as JSON
         * @param seal how it is sealed
         */
        public List<ExportAnswered> answeredBy(String service, String held, Seal seal) {
            byte[] contents = held.getBytes(StandardCharsets.UTF_8);
            return answeredBy(service, seal.seal(publicKey, contents, belongsTo(exportId, ticketId, service)));
        }

        /**
         * The answer of a service.
         *
         * @param contents what it holds of the ticket, sealed, in parts; in base64
         */
        public List<ExportAnswered> answeredBy(String service, List<String> contents) {
            List<ExportAnswered> parts = new ArrayList<>(contents.size());
            for (String content : contents) {
                parts.add(new ExportAnswered(exportId, ticketId, service, parts.size() + 1, contents.size(), content));
            }
            return parts;
        }
    }

    /**
     * What a service holds of a ticket, or a part of that. Nobody but who asked can read it, and nobody any more once the
     * private key is gone.
     *
     * @param service agent-service, approval-service, action-engine
     * @param part which part, from 1
     * @param parts how many parts the answer has
     * @param content sealed, in base64
     */
    @EventType(value = "io.opsrelay.export.answered.v1", topic = Topics.EXPORT)
    record ExportAnswered(UUID exportId, UUID ticketId, String service, int part, int parts, String content)
            implements ExportEvent {
        public ExportAnswered {
            Require.present(exportId, "export_id");
            Require.present(ticketId, "ticket_id");
            Require.text(service, "service");
            Require.text(content, "content");
            if (part < 1 || part > parts) {
                throw new IllegalArgumentException("part must lie between 1 and parts, not " + part + " of " + parts);
            }
        }
    }
}
