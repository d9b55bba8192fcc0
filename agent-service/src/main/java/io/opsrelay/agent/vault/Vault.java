package io.opsrelay.agent.vault;

import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.security.seal.Keyring;
import io.opsrelay.security.seal.Keyring.Sealed;
import io.opsrelay.security.tenant.DeferredRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the tokens of each ticket stand for. Within a transaction of the client. */
@Component
public class Vault {

    private static final String KEEP = """
            insert into ticket_redaction (client_id, ticket_id, tokens, key_id, sealed, updated_at)
            values (?, ?, ?, ?, ?, ?)
            on conflict (client_id, ticket_id) do update set tokens = excluded.tokens,
                key_id = excluded.key_id, sealed = excluded.sealed, updated_at = excluded.updated_at""";

    private final JdbcClient jdbc;
    private final DeferredRows<Object[]> kept;
    private final Keyring keyring;
    private final Clock clock;

    Vault(JdbcTemplate template, PrivacyProperties properties, Clock clock) {
        this.jdbc = JdbcClient.create(template);
        this.kept = new DeferredRows<>(template, KEEP, row -> row);
        this.keyring = Keyring.read(properties.keyFile(), "opsrelay.privacy.keys");
        this.clock = clock;
    }

    /** Returns the ticket's mapping; that of a ticket of which nothing was taken out is empty. */
    public Mapping mapping(String clientId, UUID ticketId) {
        return mappings(clientId, List.of(ticketId)).getOrDefault(ticketId, Mapping.none());
    }

    /** The mappings of those tickets of which something was taken out. */
    public Map<UUID, Mapping> mappings(String clientId, Collection<UUID> ticketIds) {
        kept.flush();
        Map<UUID, Mapping> found = new HashMap<>();
        jdbc.sql("""
                        select ticket_id, key_id, sealed from ticket_redaction
                        where client_id = :client and ticket_id = any(:tickets)""")
                .param("client", clientId)
                .param("tickets", ticketIds.toArray(UUID[]::new))
                .query((ResultSet row) -> {
                    UUID ticketId = row.getObject("ticket_id", UUID.class);
                    Sealed sealed = new Sealed(row.getString("key_id"), row.getBytes("sealed"));
                    found.put(ticketId, new Mapping(read(keyring.open(sealed, owner(clientId, ticketId)))));
                });
        return found;
    }

    /** Keeps the ticket's mapping in place of the one before. */
    public void keep(String clientId, UUID ticketId, Mapping mapping) {
        if (mapping.values().isEmpty()) {
            return;
        }
        Sealed sealed = keyring.seal(write(mapping.values()), owner(clientId, ticketId));
        kept.add(new Object[] {
            clientId,
            ticketId,
            mapping.values().keySet().toArray(String[]::new),
            sealed.keyId(),
            sealed.bytes(),
            clock.instant().atOffset(ZoneOffset.UTC)
        });
    }

    /**
     * Puts the values back into a text that goes to the ticket's customer, and to nobody else. A token that is not in the
     * ticket's mapping stays as it is.
     */
    public String restore(String clientId, UUID ticketId, String text) {
        // Most replies name nobody: those cost no look at the table.
        return text.indexOf('[') < 0 ? text : mapping(clientId, ticketId).restore(text);
    }

    private static String owner(String clientId, UUID ticketId) {
        return clientId + "/" + ticketId;
    }

    /** UTF-16 as it is: a text from outside may hold what no other encoding can. */
    private static byte[] write(Map<String, String> values) {
        try (var bytes = new ByteArrayOutputStream();
                var out = new DataOutputStream(bytes)) {
            out.writeInt(values.size());
            for (Map.Entry<String, String> value : values.entrySet()) {
                out.writeUTF(value.getKey());
                out.writeInt(value.getValue().length());
                out.writeChars(value.getValue());
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> read(byte[] bytes) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int remaining = in.readInt(); remaining > 0; remaining--) {
                String token = in.readUTF();
                char[] value = new char[in.readInt()];
                for (int i = 0; i < value.length; i++) {
                    value[i] = in.readChar();
                }
                values.put(token, new String(value));
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
