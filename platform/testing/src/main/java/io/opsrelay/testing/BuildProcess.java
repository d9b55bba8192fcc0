package io.opsrelay.testing;

import io.opsrelay.standalone.process.ProcessIdentity;
import java.util.Optional;

/** The process for whose length the shared services are wanted. */
final class BuildProcess {

    private BuildProcess() {}

    /**
     * Maven, where this JVM descends from it (there may be a shell between); else this JVM itself, such as an IDE's.
     */
    static ProcessIdentity find() {
        Optional<ProcessHandle> ancestor = ProcessHandle.current().parent();
        while (ancestor.isPresent()) {
            ProcessHandle process = ancestor.get();
            if (commandLine(process).contains("org.codehaus.plexus.classworlds.launcher.Launcher")) {
                return ProcessIdentity.of(process.pid()).orElseGet(ProcessIdentity::current);
            }
            ancestor = process.parent();
        }
        return ProcessIdentity.current();
    }

    private static String commandLine(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        return info.commandLine().or(info::command).orElse("");
    }
}
