package io.opsrelay.testing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Puts into effect what {@link OpsRelayTest} promises; found by Spring through {@code META-INF/spring.factories}. */
final class OpsRelayTestEnvironment implements ContextCustomizerFactory {

    /** Where Spring's test support puts the properties that a test states itself. */
    private static final String TESTS_OWN = "Inlined Test Properties";

    @Override
    public @Nullable ContextCustomizer createContextCustomizer(
            Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
        OpsRelayTest annotation = TestContextAnnotationUtils.findMergedAnnotation(testClass, OpsRelayTest.class);
        return annotation == null ? null : new Customizer(annotation.service());
    }

    /** Equal for equal services, so that tests share cached contexts. */
    private record Customizer(String service) implements ContextCustomizer {

        @Override
        public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
            TestServices services = TestServices.get();
            TestKafka kafka = TestKafka.withRandomPrefix();
            Map<String, Object> variables = new HashMap<>(TestTokens.environment());
            variables.put("OPSRELAY_BIND", "127.0.0.1");
            variables.put("OPSRELAY_KAFKA", services.kafka());
            variables.put("OPSRELAY_REDIS", services.redis());
            context.getBeanFactory().registerSingleton("testKafka", kafka);
            if (!service.isEmpty()) {
                TestDatabase database = TestDatabase.create(service);
                variables.put("OPSRELAY_POSTGRES", database.url());
                variables.put("OPSRELAY_DB_OWNER_PASSWORD", database.passwords().owner());
                variables.put("OPSRELAY_DB_APP_PASSWORD", database.passwords().app());
                variables.put("OPSRELAY_DB_RELAY_PASSWORD", database.passwords().relay());
                context.getBeanFactory().registerSingleton("testDatabase", database);
            }
            MutablePropertySources sources = context.getEnvironment().getPropertySources();
            // By this ending of the name Boot knows that it may bind names in capitals, as from the real environment.
            add(sources, new SystemEnvironmentPropertySource("opsRelayTest-systemEnvironment", variables));
            add(sources, new MapPropertySource("opsRelayTest", Map.of("opsrelay.topic-prefix", kafka.prefix())));
        }

        private static void add(MutablePropertySources sources, PropertySource<?> source) {
            if (sources.contains(TESTS_OWN)) {
                sources.addAfter(TESTS_OWN, source);
            } else {
                sources.addFirst(source);
            }
        }
    }
}
