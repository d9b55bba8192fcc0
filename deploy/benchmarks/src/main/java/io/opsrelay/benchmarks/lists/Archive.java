package io.opsrelay.benchmarks.lists;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Fills the tables as years of tickets would: half of all words come from a few dozen, each ticket has some that hardly
 * any other has; most are resolved; customers come back.
 */
final class Archive {

    private static final int CLIENTS = 50;
    private static final double SHARE_OF_LARGEST = 0.3;
    private static final int TICKETS_PER_CUSTOMER = 8;

    private static final String WORDS = "array['invoice','refund','parcel','login','password','broken','late','order',"
            + "'address','delivery','account','app','error','page','payment','card','receipt','return','size','colour',"
            + "'subscription','cancel','upgrade','device','battery','screen','charger','manual','warranty','shipping']";

    private static final String CUSTOMERS = """
            insert into customer (client_id, customer_id, email, created_at)
            select ?, md5(? || 'c' || n)::uuid, 'customer' || n || '@example.org', now() - interval '3 years'
            from generate_series(0, ?) n
            """;

    private static final String TICKETS = """
            insert into ticket (client_id, ticket_id, version, status, channel, source, external_id, customer_id,
                sender_verified, subject, body, metadata, priority, priority_given, category, created_at, updated_at)
            select ?, md5(? || 't' || n)::uuid, 2,
                (array['resolved','resolved','resolved','resolved','closed','closed','escalated','failed'])[1 + n % 8],
                (array['email','email','api','chat'])[1 + n % 4], 'bench', 'B-' || n, md5(? || 'c' || n % ?)::uuid, true,
                'About my ' || (w)[1 + n % 30] || ' number ' || n,
                'Good morning, the ' || (w)[1 + (n * 7) % 30] || ' and the ' || (w)[1 + (n * 13) % 30]
                    || ' are not what I expected, see reference ' || substr(md5(n::text), 1, 8)
                    || '. Could you look at it and tell me what to do next? Thank you very much.',
                '{}', (array['low','normal','normal','high','urgent'])[1 + n % 5], true,
                (array['information','account','financial','technical','operations'])[1 + (n / 3) % 5],
                now() - n * interval '90 seconds', now() - n * interval '90 seconds' + interval '1 hour'
            from generate_series(1, ?) n, (select WORDS as w) words
            """.replace("WORDS", WORDS);

    private static final List<String> REST = List.of("""
            insert into message (client_id, ticket_id, seq, message_id, direction, text, state, created_at)
            select client_id, ticket_id, 1, ticket_id, 'inbound', body, 'delivered', created_at from ticket
            """, """
            insert into timeline_entry (client_id, ticket_id, seq, event, at, actor, summary, data)
            select client_id, ticket_id, s, case s when 1 then 'ticket_received' else 'ticket_resolved' end,
                created_at + s * interval '1 minute', 'service:agent-service', 'Done', '{}'
            from ticket, generate_series(1, 2) s
            """, "vacuum analyze");

    private Archive() {}

    /** Fills the tables; answers with how many tickets the largest client has. */
    static int fill(Connection database, int tickets) throws SQLException {
        int largest = (int) (tickets * SHARE_OF_LARGEST);
        try (Statement statement = database.createStatement()) {
            for (int client = 0; client < CLIENTS; client++) {
                int own = client == 0 ? largest : (tickets - largest) / (CLIENTS - 1);
                fill(database, name(client), own);
            }
            for (String sql : REST) {
                statement.execute(sql);
            }
        }
        return largest;
    }

    /** The client with that number; 0 is the largest. */
    static String name(int client) {
        return "client" + client;
    }

    private static void fill(Connection database, String client, int tickets) throws SQLException {
        int customers = Math.max(1, tickets / TICKETS_PER_CUSTOMER);
        // What indexes the tickets sees the client's rows only.
        try (PreparedStatement statement = database.prepareStatement("select set_config('app.client_id', ?, false)")) {
            statement.setString(1, client);
            statement.execute();
        }
        try (PreparedStatement statement = database.prepareStatement(CUSTOMERS)) {
            statement.setString(1, client);
            statement.setString(2, client);
            statement.setInt(3, customers);
            statement.execute();
        }
        try (PreparedStatement statement = database.prepareStatement(TICKETS)) {
            statement.setString(1, client);
            statement.setString(2, client);
            statement.setString(3, client);
            statement.setInt(4, customers);
            statement.setInt(5, tickets);
            statement.execute();
        }
    }
}
