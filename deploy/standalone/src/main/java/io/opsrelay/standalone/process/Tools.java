package io.opsrelay.standalone.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Programs of util-linux that make children safer; both are optional. */
public final class Tools {

    static final Optional<String> SETSID = find("setsid");
    static final Optional<String> SETPRIV = find("setpriv").filter(Tools::knowsParentDeath);

    private Tools() {}

    /** Whether children end when this JVM is killed. */
    public static boolean childrenDieWithParent() {
        return SETPRIV.isPresent();
    }

    private static Optional<String> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/bin:/bin";
        for (String folder : path.split(":", -1)) {
            Path candidate = Path.of(folder).resolve(program);
            if (!folder.isEmpty() && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toString());
            }
        }
        return Optional.empty();
    }

    /** BusyBox has a setpriv of its own that does not. */
    private static boolean knowsParentDeath(String setpriv) {
        try {
            Process process = new ProcessBuilder(setpriv, "--help")
                    .redirectErrorStream(true)
                    .start();
            String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return help.contains("pdeathsig");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
