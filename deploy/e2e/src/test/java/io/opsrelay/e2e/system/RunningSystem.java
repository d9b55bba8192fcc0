package io.opsrelay.e2e.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives constructors and methods the one {@link OpsRelay} of the whole suite: started for the first, ended after the last. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(RunningSystem.Extension.class)
public @interface RunningSystem {

    final class Extension implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == OpsRelay.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            // The root's store closes what it holds when all tests are through. A failed start is kept as well:
            // the second class then fails at once instead of waiting again.
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(RunningSystem.class))
                    .computeIfAbsent(Started.class)
                    .system();
        }
    }

    /** The system, or why there is none. */
    final class Started implements AutoCloseable {

        private OpsRelay system;
        private RuntimeException failure;

        Started() {
            try {
                system = OpsRelay.startFresh();
            } catch (RuntimeException e) {
                failure = e;
            }
        }

        OpsRelay system() {
            if (failure != null) {
                throw new IllegalStateException("the system could not be started", failure);
            }
            return system;
        }

        @Override
        public void close() {
            if (system != null) {
                system.close();
            }
        }
    }
}
