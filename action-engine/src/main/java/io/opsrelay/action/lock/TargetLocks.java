package io.opsrelay.action.lock;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The locks of targets. One is taken in the transaction of an action's intent and released in that of its outcome, so
 * that it outlives whoever worked on the action. Every call belongs into a transaction of the client.
 */
@Component
public class TargetLocks {

    private final JdbcClient jdbc;

    TargetLocks(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What came of reaching for a target. */
    public sealed interface Taken {

        /** It is the action's. */
        record Yes() implements Taken {}

        /**
         * Another one's turn is first.
         *
         * @param other who holds it, or waits before
         * @param ahead how many wait before, who holds it included
         * @param isNew whether the action begins to wait now
         */
        record No(@Nullable UUID other, int ahead, boolean isNew) implements Taken {}
    }

    /**
     * Takes the target, unless another action holds it or has waited for it longer. Who is in the midst of taking it is
     * waited for.
     *
     * @param epoch the attempt
     */
    public Taken take(String clientId, String target, UUID actionId, int epoch, Instant now) {
        int rows = jdbc.sql("""
                        insert into target_lock as l (client_id, target, action_id, epoch, taken_at)
                        select :client, :target, :action, :epoch, :now
                        where exists (select 1 from target_lock where target = :target and action_id = :action)
                           or not exists (select 1 from target_queue q where q.target = :target
                                and q.action_id <> :action and q.place < coalesce(
                                    (select place from target_queue where action_id = :action), 9223372036854775807))
                        on conflict (client_id, target) do update set epoch = excluded.epoch
                            where l.action_id = excluded.action_id
                        """)
                .param("client", clientId)
                .param("target", target)
                .param("action", actionId)
                .param("epoch", epoch)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        return rows == 1 ? new Taken.Yes() : queue(clientId, target, actionId, now);
    }

    private Taken queue(String clientId, String target, UUID actionId, Instant now) {
        int added = jdbc.sql("""
                        insert into target_queue (client_id, target, action_id, since)
                        values (:client, :target, :action, :now) on conflict do nothing
                        """)
                .param("client", clientId)
                .param("target", target)
                .param("action", actionId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
        return jdbc.sql("""
                        select coalesce(
                                (select action_id from target_lock where target = :target),
                                (select action_id from target_queue where target = :target order by place limit 1)) as other,
                            (select count(*) from target_queue q, target_queue mine
                             where mine.action_id = :action and q.target = :target and q.place < mine.place) as before
                        """)
                .param("target", target)
                .param("action", actionId)
                .query((row, number) ->
                        (Taken) new Taken.No(row.getObject("other", UUID.class), row.getInt("before") + 1, added == 1))
                .single();
    }

    /** Gives back what the action holds, and its place in line. */
    public void release(UUID actionId) {
        release(List.of(actionId));
    }

    /** Gives back what the actions hold, and their places in line. */
    public void release(Collection<UUID> actionIds) {
        jdbc.sql("""
                        with line as (delete from target_queue where action_id = any(:actions))
                        delete from target_lock where action_id = any(:actions)
                        """).param("actions", actionIds.toArray(UUID[]::new)).update();
    }
}
