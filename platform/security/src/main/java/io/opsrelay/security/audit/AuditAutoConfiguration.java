package io.opsrelay.security.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/** The audit log, in services that keep one. */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "io.opsrelay.security.tenant.TenantAutoConfiguration"
        })
@ConditionalOnClass({JdbcTemplate.class, MeterRegistry.class})
@ConditionalOnProperty("opsrelay.audit.enabled")
@EnableConfigurationProperties(AuditProperties.class)
class AuditAutoConfiguration {

    @Bean
    Audit audit(JdbcTemplate jdbc, @Value("${opsrelay.schema}") String service, Clock clock) {
        return new Audit(jdbc, service, clock);
    }

    @Bean
    AuditLog auditLog(JdbcTemplate jdbc, ClientTransactions transactions) {
        return new AuditLog(jdbc, transactions);
    }

    @Bean
    AuditPages auditPages(AuditLog log) {
        return new AuditPages(log);
    }

    @Bean
    Sealer auditSealer(
            JdbcTemplate jdbc,
            @Value("${opsrelay.schema}") String service,
            AuditProperties properties,
            MeterRegistry meters,
            Clock clock) {
        return new Sealer(jdbc, service, properties, meters, clock);
    }
}
