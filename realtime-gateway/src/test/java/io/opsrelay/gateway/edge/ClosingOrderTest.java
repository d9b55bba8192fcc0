package io.opsrelay.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;

class ClosingOrderTest extends GatewayTest {

    @Autowired
    private List<SmartLifecycle> lifecycles;

    @Autowired
    private PortClosing portClosing;

    /**
     * The beans that use a bean are ended with it, whatever their own phase: one that ends before the port is closed sends
     * the connections back to it.
     */
    @Test
    void nothingOfOursEndsBeforeThePortIsClosed() {
        assertThat(lifecycles)
                .filteredOn(bean -> bean.getClass().getName().startsWith("io.opsrelay.") && bean != portClosing)
                .isNotEmpty()
                .allSatisfy(bean -> assertThat(bean.getPhase())
                        .as(bean.getClass().getSimpleName())
                        .isLessThan(portClosing.getPhase()));
    }
}
