package io.opsrelay.approval.mail;

import io.opsrelay.contracts.ContractJson;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code mail_settings}. Every call belongs into a transaction of the client. */
@Repository
class SettingsStore {

    private static final JsonMapper JSON = ContractJson.mapper();
    private static final TypeReference<List<Recipient>> RECIPIENTS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    SettingsStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Settings current() {
        return read("").orElseGet(Settings::none);
    }

    /** Reads them and, where there are some, holds off everybody else until the transaction ends. */
    Settings lock() {
        return read(" for update").orElseGet(Settings::none);
    }

    private Optional<Settings> read(String ending) {
        return jdbc.sql("select * from mail_settings" + ending)
                .query((row, n) -> new Settings(
                        JSON.readValue(row.getString("recipients"), RECIPIENTS),
                        row.getLong("revision"),
                        row.getString("changed_by"),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /**
     * Writes those that follow on what was locked.
     *
     * @return false if somebody else wrote the first ones meanwhile
     */
    boolean put(String clientId, Settings settings) {
        return jdbc.sql("""
                                insert into mail_settings (client_id, recipients, revision, changed_by, changed_at)
                                values (:client, :recipients::jsonb, :revision, :by, :at)
                                on conflict (client_id) do update
                                set recipients = excluded.recipients, revision = excluded.revision,
                                    changed_by = excluded.changed_by, changed_at = excluded.changed_at
                                where mail_settings.revision = excluded.revision - 1""")
                        .param("client", clientId)
                        .param("recipients", JSON.writeValueAsString(settings.recipients()))
                        .param("revision", settings.revision())
                        .param("by", settings.changedBy())
                        .param(
                                "at",
                                Objects.requireNonNull(settings.changedAt()).atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }
}
