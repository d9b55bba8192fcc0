package io.opsrelay.security.tenant;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** Transactions by client, where there is a database. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration"
        })
@ConditionalOnClass(JdbcTemplate.class)
class TenantAutoConfiguration {

    @Bean
    @ConditionalOnBean({PlatformTransactionManager.class, JdbcTemplate.class})
    ClientTransactions clientTransactions(PlatformTransactionManager manager, JdbcTemplate jdbc) {
        return new ClientTransactions(manager, jdbc);
    }
}
