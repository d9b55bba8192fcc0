package io.opsrelay.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.logging.logback.CorrelationIdConverter;
import org.springframework.boot.logging.logback.ExtendedWhitespaceThrowableProxyConverter;
import org.springframework.core.io.ClassPathResource;

/** What is logged stays on its line, whoever wrote it. */
class LogLinesTest {

    @Test
    void aTextOfOthersCannotForgeALine() throws IOException {
        // given
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        PatternLayout layout = new PatternLayout();
        layout.getInstanceConverterMap().put("wEx", ExtendedWhitespaceThrowableProxyConverter::new);
        layout.getInstanceConverterMap().put("correlationId", CorrelationIdConverter::new);
        layout.setContext(context);
        layout.setPattern(pattern());
        layout.start();
        Logger logger = context.getLogger("io.opsrelay.Some");

        // when
        String line = layout.doLayout(new LoggingEvent(
                "x", logger, Level.WARN, "refused: gone\r\n2026-01-01 INFO all is well\u2028really", null, null));

        // then
        assertThat(line)
                .contains("refused: gone | 2026-01-01 INFO all is well | really")
                .doesNotContain("PARSER_ERROR")
                .endsWith("\n");
        assertThat(line.strip().lines()).hasSize(1);
    }

    private static String pattern() throws IOException {
        Object pattern = new YamlPropertySourceLoader()
                .load("service", new ClassPathResource("opsrelay-service.yaml"))
                .getFirst()
                .getProperty("logging.pattern.console");
        return String.valueOf(pattern);
    }
}
