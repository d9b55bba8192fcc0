package io.opsrelay.agent.knowledge;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DataSizeUnit;
import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * The knowledge base.
 *
 * @param demoClients clients that get the shipped demo articles at start; none unless set
 * @param bulkArticles the most articles in one bulk request
 * @param vectorMemory for vectors of passages of clients that were searched of late; whose do not fit are found by full text
 *     alone
 */
@ConfigurationProperties("opsrelay.knowledge")
record KnowledgeProperties(
        @DefaultValue List<String> demoClients,
        @DefaultValue("1000") int bulkArticles,

        @DefaultValue("96MB") @DataSizeUnit(DataUnit.BYTES) DataSize vectorMemory) {

    KnowledgeProperties {
        if (bulkArticles < 1) {
            throw new IllegalArgumentException("opsrelay.knowledge.bulk-articles must be at least 1");
        }
        if (vectorMemory.isNegative()) {
            throw new IllegalArgumentException("opsrelay.knowledge.vector-memory must not be negative");
        }
    }
}
