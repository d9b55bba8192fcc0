package io.opsrelay.agent;

import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.OpsRelayTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AliasFor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactories;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/**
 * A test of the whole service with a model server of its own, a {@link FakeModelServer} to be injected: workflows know its
 * model by the name that stands here. What else is set of the model stands in {@code @SpringBootTest}, as usual.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@OpsRelayTest(service = "agent")
@AutoConfigureMockMvc
@ContextCustomizerFactories(WithModelServer.Server.class)
public @interface WithModelServer {

    @AliasFor("model")
    String value() default "";

    /** The model's name. */
    @AliasFor("value")
    String model() default "";

    /** Starts the server before the service reads its configuration, and ends it with the service. */
    final class Server implements ContextCustomizerFactory {

        @Override
        public @Nullable ContextCustomizer createContextCustomizer(
                Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
            WithModelServer annotation =
                    TestContextAnnotationUtils.findMergedAnnotation(testClass, WithModelServer.class);
            return annotation == null ? null : new Customizer(testClass, annotation.model());
        }

        /** Of one class: what a model thinks is a test's own. */
        private record Customizer(Class<?> testClass, String model) implements ContextCustomizer {

            @Override
            public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration merged) {
                FakeModelServer server = new FakeModelServer();
                DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
                beans.registerSingleton("fakeModelServer", server);
                beans.registerDisposableBean("fakeModelServer", server::close);
                String prefix = "opsrelay.llm.models." + model + ".";
                context.getEnvironment()
                        .getPropertySources()
                        .addLast(new MapPropertySource(
                                "fakeModelServer",
                                Map.of(
                                        prefix + "provider",
                                        "openai",
                                        prefix + "model",
                                        model,
                                        prefix + "base-url",
                                        server.url() + "/v1")));
            }
        }
    }
}
