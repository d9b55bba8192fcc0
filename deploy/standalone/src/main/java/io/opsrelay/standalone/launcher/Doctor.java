package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The part of {@code doctor} that needs a JDK: data folder, disk, ports. The script looks at the tools itself. */
final class Doctor {

    private static final long WANTED_BYTES = 2L << 30;

    private final Settings settings;
    private final Console console;
    private int problems;

    Doctor(Settings settings, Console console) {
        this.settings = settings;
        this.console = console;
    }

    /** Answers 0 if {@code up} would work as far as can be seen, else 1. */
    int run() {
        Path data = settings.home().root();
        console.say("data in " + data);
        check("the data folder can be written", writable(data), "set OPSRELAY_DATA to a folder of yours");
        Optional<Path> closed = OsUser.isRoot() ? OsUser.firstClosedFolder(existing(data)) : Optional.empty();
        check(
                "PostgreSQL can reach its data under another user than root",
                closed.isEmpty(),
                "chmod o+x " + closed.map(Path::toString).orElse("") + ", or set OPSRELAY_DATA");
        long free = existing(data).toFile().getUsableSpace();
        check("2 GB of disk are free", free >= WANTED_BYTES, "only " + (free >> 20) + " MB are");
        hint(
                "children end with their supervisor",
                Tools.childrenDieWithParent(),
                "install util-linux (setpriv); without it a killed supervisor leaves processes to the next up");
        ports();
        return problems == 0 ? 0 : 1;
    }

    private void ports() {
        if (Status.supervised(settings.home())) {
            console.say("  ok       OpsRelay runs and holds its ports");
            return;
        }
        if (!writable(settings.home().root())) {
            return;
        }
        settings.home().create();
        List<String> taken = PortCheck.taken(settings, new Infrastructure(settings).components());
        check("all ports are free", taken.isEmpty(), String.join("\n           ", taken));
    }

    private void check(String what, boolean good, String otherwise) {
        if (!good) {
            problems++;
        }
        console.say((good ? "  ok       " : "  MISSING  ") + what + (good ? "" : ": " + otherwise));
    }

    private void hint(String what, boolean good, String otherwise) {
        console.say((good ? "  ok       " : "  hint     ") + what + (good ? "" : ": " + otherwise));
    }

    private static boolean writable(Path folder) {
        return Files.isWritable(existing(folder));
    }

    /** The folder itself or the nearest one above it that exists. */
    private static Path existing(Path folder) {
        for (Path path = folder.toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.isDirectory(path)) {
                try {
                    return path.toRealPath();
                } catch (IOException e) {
                    return path;
                }
            }
        }
        return folder;
    }
}
