package io.opsrelay.messaging;

import com.zaxxer.hikari.HikariDataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;

/**
 * A pool of two connections beside the service's own, for statements that want a role or settings of the planner to
 * themselves. Not a {@code DataSource} bean: the service's is the only one to be injected.
 */
public record SidePool(HikariDataSource pool) implements AutoCloseable {

    private static final int CONNECTIONS = 2;
    private static final int PATIENCE_MILLIS = 3000;

    /**
     * To the service's database, which may come up later.
     *
     * @param options settings of each session, as {@code -c name=value ...}
     */
    public static SidePool to(
            DataSourceProperties database,
            String name,
            @Nullable String user,
            @Nullable String password,
            String options) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setJdbcUrl(database.determineUrl());
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setMaximumPoolSize(CONNECTIONS);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(PATIENCE_MILLIS);
        pool.setInitializationFailTimeout(-1);
        pool.addDataSourceProperty("ApplicationName", name);
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        pool.addDataSourceProperty("connectTimeout", "3");
        pool.addDataSourceProperty("socketTimeout", "30");
        pool.addDataSourceProperty("options", options);
        return new SidePool(pool);
    }

    @Override
    public void close() {
        pool.close();
    }
}
