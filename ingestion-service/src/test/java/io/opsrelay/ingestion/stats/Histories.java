package io.opsrelay.ingestion.stats;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Tickets of one client with whatever history, written as the service writes them: ticket, message, timeline. */
final class Histories {

    static final List<String> CHANNELS = List.of("api", "email", "upstream");
    static final List<String> CATEGORIES = List.of("refund_request", "delivery", "account");
    private static final List<String> STATUSES = List.of(
            "received", "analyzing", "awaiting_approval", "acting", "resolved", "escalated", "failed", "closed");

    final String clientId;
    private final ClientTransactions transactions;
    private final JdbcTemplate jdbc;
    private final UUID customer = UUID.randomUUID();

    Histories(String clientId, ClientTransactions transactions, JdbcTemplate jdbc) {
        this.clientId = clientId;
        this.transactions = transactions;
        this.jdbc = jdbc;
        transactions.run(clientId, () -> jdbc.update("""
                        insert into customer (client_id, customer_id, email, created_at)
                        values (?, ?, 'mary.major@example.org', now())
                        """, clientId, customer));
    }

    /** A ticket that came at that time. */
    Ticket received(Instant at, String channel) {
        Ticket ticket = new Ticket(UUID.randomUUID(), at, channel);
        transactions.run(clientId, () -> {
            jdbc.update(
                    """
                    insert into ticket (client_id, ticket_id, version, status, channel, source, customer_id,
                        sender_verified, subject, body, metadata, priority_given, created_at, updated_at)
                    values (?, ?, 1, 'received', ?, ?, ?, true, 's', 'b', '{}', false, ?, ?)
                    """,
                    clientId,
                    ticket.id,
                    channel,
                    channel,
                    customer,
                    at.atOffset(ZoneOffset.UTC),
                    at.atOffset(ZoneOffset.UTC));
            tell(ticket, at, "ticket_received", "user:agent@example.org", Map.of());
        });
        return ticket;
    }

    private void tell(Ticket ticket, Instant at, String event, String actor, Map<String, Object> data) {
        ticket.told.add(new Told(at, event, actor, ticket.status, ticket.category));
        jdbc.update(
                """
                insert into timeline_entry (client_id, ticket_id, seq, event, at, actor, summary, data)
                values (?, ?, ?, ?, ?, ?, 'what happened', ?::jsonb)
                """,
                clientId,
                ticket.id,
                ticket.told.size(),
                event,
                at.atOffset(ZoneOffset.UTC),
                actor,
                ContractJson.mapper().writeValueAsString(data));
    }

    /** A ticket with a random life that begins at that time. */
    Ticket random(Random random, Instant at) {
        Ticket ticket = received(at, CHANNELS.get(random.nextInt(CHANNELS.size())));
        Instant time = at;
        for (int i = random.nextInt(8); i > 0; i--) {
            // Some come late: told as of before what was told already.
            time = time.plusSeconds(random.nextInt(10) == 0 ? -random.nextInt(600) : random.nextInt(4000));
            String status = STATUSES.get(random.nextInt(STATUSES.size()));
            switch (random.nextInt(5)) {
                case 0 -> ticket.classified(time, CATEGORIES.get(random.nextInt(CATEGORIES.size())));
                case 1 -> ticket.step(time, "approval_granted", "user:boss@example.org", "acting", false);
                case 2 -> ticket.step(time, "run_parked", "service:agent-service", ticket.status, false);
                case 3 -> ticket.step(time, "message_sent", "user:agent@example.org", ticket.status, true);
                default -> ticket.step(time, "ticket_" + status, "service:agent-service", status, random.nextBoolean());
            }
        }
        return ticket;
    }

    /** One ticket. */
    final class Ticket {

        final UUID id;
        final Instant receivedAt;
        final String channel;
        final List<Told> told = new ArrayList<>();
        String status = "received";

        @Nullable
        String category;

        private Ticket(UUID id, Instant receivedAt, String channel) {
            this.id = id;
            this.receivedAt = receivedAt;
            this.channel = channel;
        }

        Ticket classified(Instant at, String found) {
            category = found;
            transactions.run(clientId, () -> {
                jdbc.update("update ticket set category = ? where ticket_id = ?", found, id);
                tell(
                        this,
                        at,
                        "ticket_classified",
                        "service:agent-service",
                        Map.of("run_id", "r", "processing_millis", 40, "industry", "retail"));
            });
            return this;
        }

        Ticket step(Instant at, String event, String actor, String next, boolean replied) {
            status = next;
            transactions.run(clientId, () -> {
                jdbc.update("""
                        update ticket set status = ?, run_id = ?,
                            action_id = case when ? in ('awaiting_approval', 'acting') then ?::uuid end
                        where ticket_id = ?
                        """, next, id, next, id, id);
                if (replied) {
                    jdbc.update("""
                            insert into message
                                (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
                            values (?, ?, ?, ?, 'outbound', 'Hello', 'sent', now())
                            """, clientId, id, told.size() + 1, UUID.randomUUID());
                }
                Map<String, Object> data = event.startsWith("ticket_") && actor.startsWith("service:")
                        ? Map.of("run_id", "r", "outcome", next)
                        : Map.of();
                tell(this, at, event, actor, data);
            });
            return this;
        }
    }

    /** What was told, for who counts it in another way. */
    record Told(
            Instant at,
            String event,
            String actor,
            String status,
            @Nullable String category) {}
}
