package io.opsrelay.standalone.embedded;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL JDBC address in its parts.
 *
 * @param server everything before the database's name, e.g. {@code jdbc:postgresql://db.example:5432/}
 * @param database e.g. {@code opsrelay}
 * @param parameters empty, or from the question mark on
 */
public record JdbcUrl(String server, String database, String parameters) {

    private static final Pattern FORM = Pattern.compile("(jdbc:postgresql://[^/?]+/)([^?]*)(\\?.*)?");

    /** @throws IllegalArgumentException if it is not {@code jdbc:postgresql://host[:port]/database[?parameters]} */
    public static JdbcUrl parse(String url) {
        Matcher matcher = FORM.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not of the form jdbc:postgresql://host[:port]/database: " + url);
        }
        String parameters = matcher.group(3);
        return new JdbcUrl(matcher.group(1), matcher.group(2), parameters == null ? "" : parameters);
    }

    /** The same server and parameters, another database. */
    public JdbcUrl withDatabase(String other) {
        return new JdbcUrl(server, other, parameters);
    }

    @Override
    public String toString() {
        return server + database + parameters;
    }
}
