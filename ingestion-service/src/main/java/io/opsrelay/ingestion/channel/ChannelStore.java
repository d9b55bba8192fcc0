package io.opsrelay.ingestion.channel;

import io.opsrelay.contracts.ContractJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;

/**
 * The tables of channels. What says nothing else belongs into a transaction of the client; {@code channel_owner} and
 * {@code channel_address} are open to all, and hold ids and addresses only.
 */
@Repository
class ChannelStore {

    /** Held while addresses change, so that two clients cannot take the same one at the same moment. */
    private static final long ADDRESS_LOCK = 0x6368616e6e656c73L;

    private final JdbcClient jdbc;

    ChannelStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A channel and who made it when. */
    record Row(Channel channel, String createdBy, Instant createdAt, Instant updatedAt) {}

    /** The client of an enabled channel; in any transaction or none. */
    Optional<String> ownerOf(String channelId) {
        return jdbc.sql("select client_id from channel_owner where channel_id = ? and enabled")
                .param(channelId)
                .query(String.class)
                .optional();
    }

    /** Enabled channels of that kind with exactly that address; in any transaction or none. */
    List<String> withAddress(String kind, String address) {
        return jdbc.sql("""
                        select o.channel_id from channel_address a join channel_owner o using (channel_id)
                        where a.address = :address and o.kind = :kind and o.enabled order by o.channel_id
                        """)
                .param("address", address)
                .param("kind", kind)
                .query(String.class)
                .list();
    }

    /** The enabled channel that takes a source's records; in any transaction or none. */
    Optional<String> withSource(String source) {
        return withAddress(ChannelKind.UPSTREAM.wireName(), Channel.addressOf(source)).stream()
                .findFirst();
    }

    /** Clients of enabled channels by channel id; in any transaction or none. */
    Map<String, String> owners(String kind) {
        Map<String, String> owners = new LinkedHashMap<>();
        jdbc.sql("select channel_id, client_id from channel_owner where kind = ? and enabled order by channel_id")
                .param(kind)
                .query((row, n) -> Map.entry(row.getString("channel_id"), row.getString("client_id")))
                .list()
                .forEach(entry -> owners.put(entry.getKey(), entry.getValue()));
        return owners;
    }

    /** In any transaction or none. */
    boolean isOwned(String clientId, String address) {
        return !jdbc.sql("select 1 from channel_address where address = ? and client_id = ? limit 1")
                .params(address, clientId)
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    Optional<Row> find(String channelId) {
        return jdbc.sql("select * from channel where channel_id = ?")
                .param(channelId)
                .query(ChannelStore::row)
                .optional();
    }

    Optional<Row> find(String kind, String name) {
        return jdbc.sql("select * from channel where kind = ? and name = ? for update")
                .params(kind, name)
                .query(ChannelStore::row)
                .optional();
    }

    Optional<Row> lock(String channelId) {
        return jdbc.sql("select * from channel where channel_id = ? for update")
                .param(channelId)
                .query(ChannelStore::row)
                .optional();
    }

    /** All of that kind, or of any kind if it is empty, oldest first: a client has some dozens at most. */
    List<Row> all(String kind) {
        return jdbc.sql("""
                        select * from channel where :kind = '' or kind = :kind order by created_at, channel_id
                        """).param("kind", kind).query(ChannelStore::row).list();
    }

    /**
     * Whose address it is, if it is another client's. Whoever asks keeps others from taking addresses until the
     * transaction ends.
     */
    Optional<String> takenByAnother(String clientId, List<String> addresses) {
        jdbc.sql("select pg_advisory_xact_lock(?)")
                .param(ADDRESS_LOCK)
                .query((row, n) -> "")
                .single();
        return jdbc.sql("""
                        select address from channel_address where address = any (:addresses) and client_id <> :client
                        order by address limit 1
                        """)
                .param("addresses", addresses.toArray(String[]::new))
                .param("client", clientId)
                .query(String.class)
                .optional();
    }

    /**
     * One of these addresses that stands in another client's domain, or a domain in which another client has an address:
     * whoever has {@code *@domain} has all of it. Asked under the lock that {@link #takenByAnother} takes.
     */
    Optional<String> inAnothersDomain(String clientId, List<String> addresses) {
        return jdbc.sql("""
                        select asked from unnest(cast(:addresses as text[])) as asked
                        where exists (
                            select from channel_address a
                            where a.client_id <> :client and split_part(a.address, '@', 2) = split_part(asked, '@', 2)
                              and (asked like '*@%' or a.address like '*@%'))
                        order by asked limit 1
                        """)
                .param("addresses", addresses.toArray(String[]::new))
                .param("client", clientId)
                .query(String.class)
                .optional();
    }

    boolean idIsTaken(String channelId) {
        return !jdbc.sql("select 1 from channel_owner where channel_id = ?")
                .param(channelId)
                .query(Integer.class)
                .list()
                .isEmpty();
    }

    void insert(Row row) {
        Channel channel = row.channel();
        bind("""
                        insert into channel (client_id, channel_id, kind, name, addresses, settings, enabled, revision,
                            created_by, created_at, updated_at)
                        values (:client, :id, :kind, :name, :addresses, :settings::jsonb, :enabled, :revision,
                            :createdBy, :createdAt, :updatedAt)
                        """, row)
                .param("kind", channel.kind())
                .param("createdBy", row.createdBy())
                .param("createdAt", utc(row.createdAt()))
                .update();
        jdbc.sql("insert into channel_owner (channel_id, client_id, kind, enabled) values (?, ?, ?, ?)")
                .params(channel.channelId(), channel.clientId(), channel.kind(), channel.enabled())
                .update();
        insertAddresses(channel);
    }

    /** Writes what can change. The row must have been locked at the revision before. */
    void update(Row row) {
        Channel channel = row.channel();
        int rows = bind("""
                        update channel set name = :name, addresses = :addresses, settings = :settings::jsonb,
                            enabled = :enabled, revision = :revision, updated_at = :updatedAt
                        where client_id = :client and channel_id = :id and revision = :revision - 1
                        """, row).update();
        if (rows != 1) {
            throw new IllegalStateException("channel " + channel.channelId() + " was changed without its lock");
        }
        jdbc.sql("update channel_owner set enabled = ? where channel_id = ?")
                .params(channel.enabled(), channel.channelId())
                .update();
        jdbc.sql("delete from channel_address where channel_id = ?")
                .param(channel.channelId())
                .update();
        insertAddresses(channel);
    }

    void delete(String channelId) {
        jdbc.sql("delete from channel_owner where channel_id = ?")
                .param(channelId)
                .update();
        jdbc.sql("delete from channel where channel_id = ?").param(channelId).update();
    }

    /** Makes a source lead to a channel to which it does not yet. */
    void claimSource(Channel channel, String source) {
        jdbc.sql("insert into channel_address (address, channel_id, client_id) values (?, ?, ?) on conflict do nothing")
                .params(Channel.addressOf(source), channel.channelId(), channel.clientId())
                .update();
    }

    private void insertAddresses(Channel channel) {
        channel.names().forEach(address -> jdbc.sql(
                        "insert into channel_address (address, channel_id, client_id) values (?, ?, ?)")
                .params(address, channel.channelId(), channel.clientId())
                .update());
    }

    private JdbcClient.StatementSpec bind(String sql, Row row) {
        Channel channel = row.channel();
        return jdbc.sql(sql)
                .param("client", channel.clientId())
                .param("id", channel.channelId())
                .param("name", channel.name())
                .param("addresses", channel.addresses().toArray(String[]::new))
                .param("settings", ContractJson.mapper().writeValueAsString(channel.settings()))
                .param("enabled", channel.enabled())
                .param("revision", channel.revision())
                .param("updatedAt", utc(row.updatedAt()));
    }

    private static Row row(ResultSet row, int n) throws SQLException {
        return new Row(
                new Channel(
                        row.getString("client_id"),
                        row.getString("channel_id"),
                        row.getString("kind"),
                        row.getString("name"),
                        List.of((String[]) row.getArray("addresses").getArray()),
                        ContractJson.mapper()
                                .readValue(row.getString("settings"), new TypeReference<Map<String, String>>() {}),
                        row.getBoolean("enabled"),
                        row.getLong("revision")),
                row.getString("created_by"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class))
                .toInstant();
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
