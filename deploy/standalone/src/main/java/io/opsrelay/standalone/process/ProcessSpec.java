package io.opsrelay.standalone.process;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process to start.
 *
 * @param name what people call it
 * @param command program and arguments
 * @param environment added to this JVM's own environment; a null value removes the variable
 * @param directory where it runs
 * @param log file that its output is appended to
 * @param onParentDeath the signal it gets when this JVM dies, however it dies (where the platform can do that)
 * @param user whom it runs as; empty: like this JVM
 */
public record ProcessSpec(
        String name,
        List<String> command,
        Map<String, @Nullable String> environment,
        Path directory,
        Path log,
        EndSignal onParentDeath,
        Optional<OsUser> user) {

    public ProcessSpec {
        command = List.copyOf(command);
        environment = Collections.unmodifiableMap(new HashMap<>(environment));
        if (command.isEmpty()) {
            throw new IllegalArgumentException("nothing to run for " + name);
        }
    }
}
