package io.opsrelay.agent.owntool;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Names a property of tools that there is not. The usual analysis shows its value too, and that may be a misspelt key. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownToolProperty extends AbstractFailureAnalyzer<BindException> {

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, BindException cause) {
        if (!cause.getName().toString().startsWith("opsrelay.tools")
                || !(cause.getCause() instanceof UnboundConfigurationPropertiesException unknown)) {
            return null;
        }
        String names = unknown.getUnboundProperties().stream()
                .map(property -> property.getName().toString())
                .sorted()
                .collect(Collectors.joining(", "));
        return new FailureAnalysis(
                "The configuration of tools has properties that there are not: " + names,
                "Spell them as the configuration guide does, or remove them.",
                failure);
    }
}
