package io.opsrelay.ingestion.channel;

import io.opsrelay.ingestion.channel.ChannelKind.Form;
import io.opsrelay.security.seal.Keyring;
import io.opsrelay.security.seal.Keyring.Sealed;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The secrets of channels, sealed in the table {@code channel_secret}. Runs in a transaction of the client. */
@Repository
class ChannelSecrets {

    private static final int BYTES = 32;

    /** Of one secret, as many as may be good beside it. */
    private static final int MOST_BEFORE = 3;

    private final JdbcClient jdbc;
    private final Keyring keyring;
    private final ChannelProperties properties;
    private final SecureRandom random = new SecureRandom();

    ChannelSecrets(JdbcClient jdbc, ChannelProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
        this.keyring = Keyring.read(properties.keyFile(), "opsrelay.channels.keys");
    }

    /** That one is set, since when, and until when those before are good beside it. */
    record Fact(String name, Instant setAt, @Nullable Instant previousUntil) {}

    /** A new one of that form. */
    String random(Form form) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return form == Form.STANDARD_WEBHOOKS
                ? "whsec_" + Base64.getEncoder().encodeToString(bytes)
                : Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Sets a secret. The ones before stay good until their time is over, of many the newest; the same one again changes
     * nothing.
     */
    void set(Channel channel, String name, String value, Instant now) {
        List<String> good = open(channel, name, now);
        if (!good.isEmpty() && good.getFirst().equals(value)) {
            return;
        }
        retire(channel, name, value, now);
        Sealed sealed = keyring.seal(value.getBytes(StandardCharsets.UTF_8), owner(channel, name));
        jdbc.sql("""
                        insert into channel_secret as s (client_id, channel_id, name, secret, secret_key, set_at)
                        values (:client, :channel, :name, :secret, :key, :now)
                        on conflict (client_id, channel_id, name) do update set secret = excluded.secret,
                            secret_key = excluded.secret_key, set_at = excluded.set_at
                        """)
                .param("client", channel.clientId())
                .param("channel", channel.channelId())
                .param("name", name)
                .param("secret", sealed.bytes())
                .param("key", sealed.keyId())
                .param("now", ChannelStore.utc(now))
                .update();
    }

    /** What holds now goes to those before, among which the coming one has no place. */
    private void retire(Channel channel, String name, String coming, Instant now) {
        before(channel, name).stream()
                .filter(old -> !now.isBefore(old.until())
                        || plain(channel, name, old.sealed()).equals(coming))
                .forEach(old -> forget(channel, name, old.until()));
        Instant until = now.plus(properties.previousSecret());
        jdbc.sql("""
                        insert into channel_secret_before (client_id, channel_id, name, secret, secret_key, until)
                        select client_id, channel_id, name, secret, secret_key, :until from channel_secret
                        where channel_id = :channel and name = :name and :until > :now
                        on conflict (client_id, channel_id, name, until) do update set secret = excluded.secret,
                            secret_key = excluded.secret_key
                        """)
                .param("until", ChannelStore.utc(until))
                .param("now", ChannelStore.utc(now))
                .param("channel", channel.channelId())
                .param("name", name)
                .update();
        before(channel, name).stream().skip(MOST_BEFORE).forEach(old -> forget(channel, name, old.until()));
    }

    private void forget(Channel channel, String name, Instant until) {
        jdbc.sql("delete from channel_secret_before where channel_id = ? and name = ? and until = ?")
                .params(channel.channelId(), name, ChannelStore.utc(until))
                .update();
    }

    /** Those before, the newest first. */
    private List<Before> before(Channel channel, String name) {
        return jdbc.sql("""
                        select secret, secret_key, until from channel_secret_before
                        where channel_id = ? and name = ? order by until desc
                        """)
                .params(channel.channelId(), name)
                .query((row, n) -> new Before(
                        new Sealed(row.getString("secret_key"), row.getBytes("secret")),
                        row.getObject("until", OffsetDateTime.class).toInstant()))
                .list();
    }

    private String plain(Channel channel, String name, Sealed sealed) {
        return new String(keyring.open(sealed, owner(channel, name)), StandardCharsets.UTF_8);
    }

    private record Before(Sealed sealed, Instant until) {}

    /** Those that hold, the newest first. */
    List<String> open(Channel channel, String name, Instant now) {
        List<Sealed> sealed = new ArrayList<>(
                jdbc.sql("select secret, secret_key from channel_secret where channel_id = ? and name = ?")
                        .params(channel.channelId(), name)
                        .query((row, n) -> new Sealed(row.getString("secret_key"), row.getBytes("secret")))
                        .list());
        before(channel, name).stream()
                .filter(old -> now.isBefore(old.until()))
                .map(Before::sealed)
                .forEach(sealed::add);
        return sealed.stream().map(stored -> plain(channel, name, stored)).toList();
    }

    /** What is set, by channel. */
    Map<String, List<Fact>> facts() {
        Map<String, List<Fact>> facts = new LinkedHashMap<>();
        jdbc.sql("""
                        select channel_id, name, set_at,
                            (select max(until) from channel_secret_before b
                             where b.channel_id = s.channel_id and b.name = s.name) as previous_until
                        from channel_secret s order by channel_id, name
                        """).query(row -> {
            OffsetDateTime until = row.getObject("previous_until", OffsetDateTime.class);
            facts.computeIfAbsent(row.getString("channel_id"), id -> new ArrayList<>())
                    .add(new Fact(
                            row.getString("name"),
                            row.getObject("set_at", OffsetDateTime.class).toInstant(),
                            until == null ? null : until.toInstant()));
        });
        return facts;
    }

    private static String owner(Channel channel, String name) {
        return channel.clientId() + "/" + channel.channelId() + "/" + name;
    }
}
