package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.Spool;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.apache.james.mime4j.util.ByteSequence;
import org.jspecify.annotations.Nullable;

/** A posted form, multipart or urlencoded. What is large in it stands in temporary files, which closing it removes. */
final class Form implements Closeable {

    /** Of a field that is read as text. */
    private static final int MOST_TEXT = 4 * 1024 * 1024;

    private static final int MOST_PARTS = 500;
    private static final int MOST_HEADERS = 50;
    private static final int MOST_NAME = 1_000;
    private static final Pattern NAME = Pattern.compile("(?i)[;\\s]name=(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^;\\s]+))");
    private static final Pattern FILE_NAME =
            Pattern.compile("(?i)[;\\s]filename=(?:\"((?:[^\"\\\\]++|\\\\.)*+)\"|([^;\\s]+))");

    /** Of a field that is read before anything is proven. */
    private static final int MOST_UNPROVEN = 64 * 1024;

    /** Of all fields together, and of one; what is more stands on the disk. */
    private static final int IN_MEMORY = 1024 * 1024;

    private static final int FIELD_IN_MEMORY = 32 * 1024;

    private final List<Part> parts = new ArrayList<>();
    private final @Nullable Set<String> wanted;
    private int inMemory = IN_MEMORY;

    /** One field of it. */
    record Part(
            String name,
            @Nullable String fileName,
            @Nullable String type,
            Spool content) {}

    private Form(@Nullable Set<String> wanted) {
        this.wanted = wanted;
    }

    /** @throws MalformedException if it is neither of the two, or broken, or has too many fields */
    static Form read(Posted posted) throws IOException, MalformedException {
        return read(posted, new Form(null));
    }

    /** Only these fields, of which each is small: of a request that proves nothing yet no more is kept. */
    static Form only(Posted posted, Set<String> names) throws IOException, MalformedException {
        return read(posted, new Form(names));
    }

    private static Form read(Posted posted, Form form) throws IOException, MalformedException {
        String type = posted.contentType().toLowerCase(Locale.ROOT);
        try (InputStream in = new BufferedInputStream(posted.body().open(), 64 * 1024)) {
            if (type.startsWith("multipart/form-data")) {
                form.readMultipart(in, posted.contentType());
            } else if (type.startsWith("application/x-www-form-urlencoded")) {
                form.readUrlencoded(in);
            } else {
                throw new MalformedException("Content-Type", "must be multipart/form-data or urlencoded");
            }
            return form;
        } catch (IOException | MalformedException | RuntimeException e) {
            form.close();
            throw e;
        }
    }

    private void readMultipart(InputStream in, String contentType) throws IOException, MalformedException {
        MimeTokenStream tokens = new MimeTokenStream(MimeConfig.custom()
                .setMaxLineLen(-1)
                .setMaxHeaderCount(MOST_HEADERS)
                .setMaxContentLen(-1)
                .build());
        tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
        try {
            tokens.parseHeadless(in, contentType);
            String disposition = "";
            String type = null;
            for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
                switch (state) {
                    case T_START_BODYPART -> {
                        disposition = "";
                        type = null;
                    }
                    case T_FIELD -> {
                        Field field = tokens.getField();
                        if (field.getName().equalsIgnoreCase("Content-Disposition")) {
                            disposition = value(field);
                        } else if (field.getName().equalsIgnoreCase("Content-Type")) {
                            type = value(field);
                        }
                    }
                    case T_BODY -> {
                        String name = parameter(NAME, disposition);
                        if (name != null) {
                            add(name, parameter(FILE_NAME, disposition), type, tokens.getDecodedInputStream());
                        }
                    }
                    default -> {}
                }
            }
        } catch (MimeException e) {
            throw new MalformedException("body", "is not the form that its Content-Type says");
        }
    }

    private void add(String name, @Nullable String fileName, @Nullable String type, InputStream content)
            throws IOException, MalformedException {
        if (wanted != null) {
            if (isWanted(name)) {
                keep(new Part(
                        name, fileName, type, Spool.of(new ByteArrayInputStream(content.readNBytes(MOST_UNPROVEN)))));
            }
            return;
        }
        int atMost = Math.min(inMemory, FIELD_IN_MEMORY);
        keep(new Part(name, fileName, type, Spool.of(content, atMost)));
    }

    private boolean isWanted(String name) {
        return wanted == null
                || (wanted.contains(name)
                        && parts.stream().noneMatch(part -> part.name().equals(name)));
    }

    private void keep(Part part) throws IOException, MalformedException {
        if (parts.size() >= MOST_PARTS) {
            part.content().close();
            throw new MalformedException("body", "has more than " + MOST_PARTS + " fields");
        }
        parts.add(part);
        inMemory -= (int) Math.min(part.content().size(), Math.min(inMemory, FIELD_IN_MEMORY));
    }

    private void readUrlencoded(InputStream in) throws IOException, MalformedException {
        Spool current = field();
        String name = null;
        try {
            for (int next = in.read(); ; next = in.read()) {
                if (next == '=' && name == null) {
                    name = current.text(StandardCharsets.UTF_8, MOST_NAME);
                    current.close();
                    current = field();
                } else if (next == '&' || next < 0) {
                    if (name != null && isWanted(name)) {
                        keep(new Part(name, null, null, current));
                    } else {
                        current.close();
                    }
                    current = field();
                    name = null;
                    if (next < 0) {
                        return;
                    }
                } else {
                    int value = next == '%' ? escaped(in) : next == '+' ? ' ' : next;
                    if (wanted == null || current.size() < MOST_UNPROVEN) {
                        current.write(value);
                    }
                }
            }
        } finally {
            current.close();
        }
    }

    private Spool field() {
        return new Spool(Math.min(inMemory, FIELD_IN_MEMORY));
    }

    private static int escaped(InputStream in) throws IOException, MalformedException {
        int high = Character.digit(in.read(), 16);
        int low = Character.digit(in.read(), 16);
        if (high < 0 || low < 0) {
            throw new MalformedException("body", "is not urlencoded");
        }
        return high * 16 + low;
    }

    Optional<Part> part(String name) {
        return parts.stream().filter(part -> part.name().equals(name)).findFirst();
    }

    List<Part> parts() {
        return List.copyOf(parts);
    }

    /** A field as text in UTF-8; null if it is not there. */
    @Nullable
    String text(String name) throws IOException {
        return text(name, StandardCharsets.UTF_8);
    }

    @Nullable
    String text(String name, Charset charset) throws IOException {
        Optional<Part> part = part(name);
        return part.isEmpty() ? null : part.get().content().text(charset, MOST_TEXT);
    }

    private static String value(Field field) {
        ByteSequence raw = field.getRaw();
        if (raw == null) {
            return field.getBody();
        }
        String line = new String(raw.toByteArray(), StandardCharsets.UTF_8);
        return line.substring(line.indexOf(':') + 1)
                .replaceAll("\r?\n\\s*", " ")
                .strip();
    }

    private static @Nullable String parameter(Pattern pattern, String header) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            return null;
        }
        String quoted = matcher.group(1);
        return quoted == null ? matcher.group(2) : quoted.replaceAll("\\\\(.)", "$1");
    }

    @Override
    public void close() throws IOException {
        for (Part part : parts) {
            part.content().close();
        }
    }
}
