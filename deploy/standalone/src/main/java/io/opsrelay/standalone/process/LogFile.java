package io.opsrelay.standalone.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Size rotation of a file that another process appends to. The content is copied away and the file cut to zero: its
 * writer keeps the same open file and never waits for us. Lines written between copy and cut may be lost.
 */
public final class LogFile {

    private LogFile() {}

    /**
     * Rotates {@code log} to {@code log.1}, {@code log.1} to {@code log.2}, ... if it has more than the given size.
     *
     * @param limit bytes
     * @param kept how many old files stay
     */
    public static void rotate(Path log, long limit, int kept) {
        try {
            if (!Files.isRegularFile(log) || Files.size(log) <= limit) {
                return;
            }
            for (int i = kept - 1; i >= 1; i--) {
                Path older = sibling(log, i);
                if (Files.exists(older)) {
                    Files.move(older, sibling(log, i + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.copy(log, sibling(log, 1), StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
        } catch (IOException e) {
            // A full disk must not end the supervisor; the next round tries again.
        }
    }

    private static Path sibling(Path log, int number) {
        return log.resolveSibling(log.getFileName() + "." + number);
    }
}
