package io.opsrelay.agent.offer;

import io.opsrelay.agent.tool.Tool;
import io.opsrelay.contracts.ClientEvent.ActionsOffered;
import io.opsrelay.security.tenant.PerTransaction;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What action-engine told last of each client. Within a transaction of the client. */
@Component
public class OfferedActions {

    private final JdbcClient jdbc;
    private final PerTransaction<Set<Tool>> idle = new PerTransaction<>(this::readIdle);

    OfferedActions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes what is offered from now on. */
    public void told(String clientId, ActionsOffered offered) {
        jdbc.sql("""
                        insert into offered_actions (client_id, types) values (:client, :types)
                        on conflict (client_id) do update set types = excluded.types
                        where offered_actions.types <> excluded.types""")
                .param("client", clientId)
                .param("types", offered.types().toArray(String[]::new))
                .update();
    }

    /** The tools that nobody would carry out for the client of this transaction; none, as long as nothing was told. */
    public Set<Tool> idleTools() {
        return idle.get();
    }

    private Set<Tool> readIdle() {
        return jdbc.sql("select types from offered_actions")
                .query((row, n) -> typesOf(row.getArray("types")))
                .optional()
                .map(OfferedActions::allBut)
                .orElseGet(Set::of);
    }

    private static List<String> typesOf(Array types) throws SQLException {
        return List.of((String[]) types.getArray());
    }

    private static Set<Tool> allBut(List<String> types) {
        return Arrays.stream(Tool.values())
                .filter(tool -> tool.acts() && !types.contains(tool.actionType()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
