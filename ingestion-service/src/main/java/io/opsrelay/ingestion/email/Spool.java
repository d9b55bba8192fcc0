package io.opsrelay.ingestion.email;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that may be many: the first 64 KB stay in memory, beyond that all of them stand in a temporary file. First it is
 * written, then it can be read any number of times. An open file has no name any more, so that none is left behind,
 * whether the disk is full or the process dies.
 */
public final class Spool extends OutputStream implements Closeable {

    private static final int IN_MEMORY = 64 * 1024;
    private static final String PREFIX =
            "opsrelay-mail-" + ProcessHandle.current().pid() + "-";

    private final int inMemory;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private @Nullable OutputStream toFile;
    private long size;

    public Spool() {
        this(IN_MEMORY);
    }

    /** @param inMemory bytes that stay in memory, where there are many such */
    public Spool(int inMemory) {
        this.inMemory = inMemory;
    }

    /**
     * All of a stream, which is not closed.
     *
     * @throws IOException what the stream throws, or if there is no room on the disk
     */
    public static Spool of(InputStream content) throws IOException {
        return of(content, IN_MEMORY);
    }

    /** The same, with fewer bytes in memory. */
    public static Spool of(InputStream content, int inMemory) throws IOException {
        Spool spool = new Spool(inMemory);
        try {
            content.transferTo(spool);
            return spool;
        } catch (IOException | RuntimeException e) {
            spool.close();
            throw e;
        }
    }

    @Override
    public void write(int next) throws IOException {
        OutputStream out = toFile;
        if (out != null) {
            out.write(next);
            size++;
        } else if (size < inMemory) {
            memory.write(next);
            size++;
        } else {
            write(new byte[] {(byte) next}, 0, 1);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        OutputStream out = toFile;
        if (out == null && size + length > inMemory) {
            FileChannel made = nameless();
            file = made;
            out = new BufferedOutputStream(Channels.newOutputStream(made), 64 * 1024);
            toFile = out;
            memory.writeTo(out);
            memory = new ByteArrayOutputStream(0);
        }
        if (out == null) {
            memory.write(bytes, offset, length);
        } else {
            out.write(bytes, offset, length);
        }
        size += length;
    }

    private static FileChannel nameless() throws IOException {
        Path path = Files.createTempFile(PREFIX, ".tmp");
        try {
            // Where the system can do so, the name goes at once, else when it is closed.
            return FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
    }

    /** Bytes that were written. */
    public long size() {
        return size;
    }

    /** From the beginning; whoever asks closes it. */
    public InputStream open() throws IOException {
        if (toFile != null) {
            toFile.flush();
        }
        FileChannel kept = file;
        return kept == null ? new ByteArrayInputStream(memory.toByteArray()) : new Reading(kept);
    }

    /** The beginning as text; the rest is left out. */
    public String text(Charset charset, int mostBytes) throws IOException {
        try (InputStream in = open()) {
            return new String(in.readNBytes(mostBytes), charset);
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel kept = file;
        file = null;
        // What was not written yet need not be: nobody reads it any more, and there may be no room for it.
        toFile = null;
        memory = new ByteArrayOutputStream(0);
        if (kept != null) {
            kept.close();
        }
    }

    /** Reads the file at a place of its own, so that several may. */
    private static final class Reading extends InputStream {

        private final FileChannel from;
        private long at;

        Reading(FileChannel from) {
            this.from = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int got = from.read(ByteBuffer.wrap(buffer, offset, length), at);
            at += Math.max(got, 0);
            return got;
        }
    }
}
