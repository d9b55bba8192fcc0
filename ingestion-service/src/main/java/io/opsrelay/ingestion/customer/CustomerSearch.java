package io.opsrelay.ingestion.customer;

import io.opsrelay.ingestion.customer.CustomerView.Summary;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Finds customers by how an address or the name begins, in the order of what matched. A beginning is looked up as a
 * range of texts, for which an index serves under row-level security too; a page costs the same however deep it lies.
 */
@Component
class CustomerSearch {

    /** An address is left out if an earlier one of the same customer matches, a name if any address does. */
    private static final String SQL = """
            select m.term, m.kind, m.row_id, c.customer_id, c.email, c.name, c.blocked_at, c.blocked_by,
                c.blocked_reason, c.erased_at, c.revision, c.created_at,
                coalesce(c.updated_at, c.created_at) as updated_at
            from (
                (select a.email collate "C" as term, 0 as kind, a.customer_id as row_id, a.root from customer a
                    where a.email collate "C" >= :from and a.email collate "C" < :to
                    and (a.email collate "C", a.customer_id) > (:after, :after_id)
                    and not exists (select from customer b where b.root = a.root
                        and b.email collate "C" >= :from and b.email collate "C" < a.email collate "C")
                    /* among */
                    order by a.email collate "C", a.customer_id limit :rows)
                union all
                (select a.name_in_lower collate "C", 1, a.customer_id, a.root from customer a
                    where a.name_in_lower is not null
                    and a.name_in_lower collate "C" >= :from and a.name_in_lower collate "C" < :to
                    and (a.name_in_lower collate "C", a.customer_id) > (:after, :after_id)
                    and not exists (select from customer b where b.root = a.root
                        and b.email collate "C" >= :from and b.email collate "C" < :to)
                    /* among */
                    order by a.name_in_lower collate "C", a.customer_id limit :rows)
            ) m join customer c on c.customer_id = m.root
            order by m.term, m.row_id limit :rows
            """;

    /** Within the parts, so that each still ends with its page. */
    private static final String AMONG_BLOCKED = """
            and exists (select from customer r where r.client_id = a.client_id and r.customer_id = a.root
                and r.blocked_at is not null)""";

    private static final String AMONG_OTHERS = """
            and exists (select from customer r where r.client_id = a.client_id and r.customer_id = a.root
                and r.blocked_at is null)""";

    private static final String PLACE = """
            select (case when :kind = 0 then email else name_in_lower end) from customer where customer_id = :id
            """;

    private final ClientTransactions transactions;
    private final JdbcClient jdbc;

    CustomerSearch(ClientTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    /**
     * Customers by what they are called.
     *
     * @param beginning of an address or a name; upper and lower case are the same
     * @param blocked whether only those that are, or only those that are not, are wanted
     */
    Page<Summary> find(String clientId, String beginning, @Nullable Boolean blocked, PageRequest page) {
        String sql = blocked == null ? SQL : SQL.replace("/* among */", blocked ? AMONG_BLOCKED : AMONG_OTHERS);
        String from = beginning.toLowerCase(Locale.ROOT);
        return transactions.read(clientId, () -> {
            Place after = Optional.ofNullable(page.after()).flatMap(this::place).orElse(new Place("", new UUID(0, 0)));
            List<Match> matches = jdbc.sql(sql)
                    .params(Map.of(
                            "from",
                            from,
                            // Behind all that begin so: no text has a character beyond the last one of Unicode.
                            "to",
                            from + Character.toString(Character.MAX_CODE_POINT),
                            "after",
                            after.term(),
                            "after_id",
                            after.rowId(),
                            "rows",
                            page.limit() + 1))
                    .query((row, n) -> match(row))
                    .list();
            Page<Match> found = Page.of(matches, page.limit(), Match::cursor);
            return new Page<>(found.items().stream().map(Match::summary).toList(), found.nextCursor());
        });
    }

    /** Where the page before ended. Who is gone from there by now leaves no place: the search begins again. */
    private Optional<Place> place(Cursor cursor) {
        return jdbc.sql(PLACE)
                .param("kind", cursor.createdAt().getEpochSecond())
                .param("id", cursor.id())
                .query((row, n) -> Optional.ofNullable(row.getString(1)))
                .optional()
                .flatMap(term -> term)
                .map(term -> new Place(term, cursor.id()));
    }

    private static Match match(ResultSet row) throws SQLException {
        return new Match(
                row.getInt("kind"),
                row.getObject("row_id", UUID.class),
                CustomerStore.row(row, 0).summary());
    }

    private record Place(String term, UUID rowId) {}

    /** @param kind 0 an address matched, 1 the name */
    private record Match(int kind, UUID rowId, Summary summary) {

        /** Names the row that matched rather than the text: addresses do not belong into the addresses of pages. */
        Cursor cursor() {
            return new Cursor(Instant.ofEpochSecond(kind), rowId);
        }
    }
}
