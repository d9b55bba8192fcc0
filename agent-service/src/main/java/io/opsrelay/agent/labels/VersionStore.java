package io.opsrelay.agent.labels;

import io.opsrelay.agent.learning.LabelFigures;
import io.opsrelay.agent.learning.LabelTrainer.Trained;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Versions of a client's classifier in the database. Within a transaction of the client. */
@Component
class VersionStore {

    private static final String SELECT = """
            select v.version, training_id, status, reason, progress, requested_by, requested_at, finished_at, examples,
                   labels, accuracy, calibration_error, left_out, c.version is not null as active
            from label_version v left join label_choice c using (client_id, version)
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    VersionStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * A version without its model and its figures by label.
     *
     * @param status training, ready or failed
     * @param reason why it failed
     * @param progress share of the training that is done, 0 to 1
     * @param leftOut labels with too few examples to be learned
     * @param active whether this version classifies
     */
    record Version(
            int version,
            UUID trainingId,
            String status,
            @Nullable String reason,
            double progress,
            String requestedBy,
            Instant requestedAt,
            @Nullable Instant finishedAt,
            @Nullable Integer examples,
            @Nullable Integer labels,
            @Nullable Double accuracy,
            @Nullable Double calibrationError,
            List<String> leftOut,
            boolean active) {

        Version {
            leftOut = List.copyOf(leftOut);
        }

        boolean isTraining() {
            return status.equals("training");
        }

        boolean isReady() {
            return status.equals("ready");
        }
    }

    /** Adds a version that is to be trained, unless one is being trained already. */
    boolean begin(String clientId, UUID trainingId, String requestedBy, Instant at) {
        return jdbc.sql("""
                                insert into label_version
                                    (client_id, version, training_id, status, requested_by, requested_at)
                                select :client, coalesce(max(version), 0) + 1, :id, 'training', :by, :at
                                from label_version on conflict do nothing""")
                        .param("client", clientId)
                        .param("id", trainingId)
                        .param("by", requestedBy)
                        .param("at", at.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    Optional<Version> byTraining(UUID trainingId) {
        return jdbc.sql(SELECT + "where training_id = :id")
                .param("id", trainingId)
                .query((row, n) -> read(row))
                .optional();
    }

    Optional<Version> find(int version) {
        return jdbc.sql(SELECT + "where v.version = :version")
                .param("version", version)
                .query((row, n) -> read(row))
                .optional();
    }

    /** All that are kept, newest first. */
    List<Version> all() {
        return jdbc.sql(SELECT + "order by v.version desc")
                .query((row, n) -> read(row))
                .list();
    }

    void progress(UUID trainingId, double share) {
        jdbc.sql("update label_version set progress = :share where training_id = :id and status = 'training'")
                .param("share", share)
                .param("id", trainingId)
                .update();
    }

    void failed(UUID trainingId, String reason, Instant at) {
        jdbc.sql("""
                        update label_version set status = 'failed', reason = :reason, finished_at = :at
                        where training_id = :id and status = 'training'""")
                .param("reason", reason)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("id", trainingId)
                .update();
    }

    void ready(UUID trainingId, Trained trained, byte[] model, Instant at) {
        jdbc.sql("""
                        update label_version set status = 'ready', progress = 1, finished_at = :at, examples = :examples,
                            labels = :labels, accuracy = :accuracy, calibration_error = :error,
                            figures = :figures::jsonb, left_out = :leftOut::text[], model = :model
                        where training_id = :id and status = 'training'""")
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("examples", trained.examples())
                .param("labels", trained.model().labels().size())
                .param("accuracy", trained.figures().accuracy())
                .param("error", trained.figures().calibrationError())
                .param("figures", json.writeValueAsString(trained.figures()))
                .param("leftOut", trained.leftOut().toArray(String[]::new))
                .param("model", model)
                .param("id", trainingId)
                .update();
    }

    void choose(String clientId, int version) {
        jdbc.sql("""
                        insert into label_choice (client_id, version) values (:client, :version)
                        on conflict (client_id) do update set version = excluded.version""").param("client", clientId).param("version", version).update();
    }

    Optional<Integer> chosen() {
        return jdbc.sql("select version from label_choice").query(Integer.class).optional();
    }

    /** Removes what is older than the newest {@code kept} models; what classifies stays. */
    void prune(int kept) {
        jdbc.sql("""
                        delete from label_version where version < (
                            select min(version) from (
                                select version from label_version where status = 'ready' order by version desc limit :kept
                            ) as newest)
                          and version not in (select version from label_choice)""").param("kept", kept).update();
    }

    Optional<byte[]> model(int version) {
        return jdbc.sql("select model from label_version where version = :version and model is not null")
                .param("version", version)
                .query(byte[].class)
                .optional();
    }

    Optional<LabelFigures> figures(int version) {
        return jdbc.sql("select figures from label_version where version = :version and figures is not null")
                .param("version", version)
                .query(String.class)
                .optional()
                .map(figures -> json.readValue(figures, LabelFigures.class));
    }

    private static Version read(ResultSet row) throws SQLException {
        OffsetDateTime finished = row.getObject("finished_at", OffsetDateTime.class);
        Array leftOut = row.getArray("left_out");
        return new Version(
                row.getInt("version"),
                row.getObject("training_id", UUID.class),
                row.getString("status"),
                row.getString("reason"),
                row.getDouble("progress"),
                row.getString("requested_by"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                finished == null ? null : finished.toInstant(),
                row.getObject("examples", Integer.class),
                row.getObject("labels", Integer.class),
                row.getObject("accuracy", Double.class),
                row.getObject("calibration_error", Double.class),
                List.of((String[]) leftOut.getArray()),
                row.getBoolean("active"));
    }
}
