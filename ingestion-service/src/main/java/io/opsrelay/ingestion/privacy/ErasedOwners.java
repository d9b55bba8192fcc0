package io.opsrelay.ingestion.privacy;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells which tickets are of customers who were erased, for whoever stores something of a ticket late. */
@Component
public class ErasedOwners {

    private final JdbcClient jdbc;

    ErasedOwners(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Those of the tickets. In a transaction of the client: an erasure that is under way is waited for, and one that comes
     * later finds what the transaction has stored before.
     */
    public Set<UUID> among(Collection<UUID> ticketIds) {
        UUID[] all = ticketIds.toArray(UUID[]::new);
        jdbc.sql("select ticket_id from ticket where ticket_id = any(?) order by ticket_id for share")
                .param(all)
                .query(UUID.class)
                .list();
        // Another statement: it sees what those have done whom the first one waited for.
        return jdbc.sql("""
                        select t.ticket_id from ticket t join customer c using (client_id, customer_id)
                        where t.ticket_id = any(?) and c.erased_at is not null
                        """).param(all).query(UUID.class).list().stream().collect(Collectors.toUnmodifiableSet());
    }
}
