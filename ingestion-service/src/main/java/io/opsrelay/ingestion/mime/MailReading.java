package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.Parameters;
import io.opsrelay.ingestion.mime.text.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.MimeIOException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.io.MaxLineLimitException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.util.ByteSequence;
import org.jspecify.annotations.Nullable;

/** One mail being read: walks over its tokens and builds the tree of what can be read. */
final class MailReading {

    private static final int PEEK = 64 * 1024;
    private static final int MAX_HEADER_BYTES_IN_ALL = 1024 * 1024;

    private final MailLimits limits;
    private final Set<MailDefect> defects = EnumSet.noneOf(MailDefect.class);
    private final PartReader leaves;
    private final Deque<Many> open = new ArrayDeque<>();
    private final Many root = new Many("mixed");
    private @Nullable Headers top;
    private Headers current = new Headers();
    private int headerBytes;
    private int invalidHeaders;
    private int nestings;
    private int parts;
    private boolean stopped;

    /** A multipart whose end has not come yet. */
    private record Many(String subtype, List<Body> children, int[] partsSeen, StringBuilder preamble) {
        Many(String subtype) {
            this(subtype, new ArrayList<>(), new int[1], new StringBuilder());
        }
    }

    MailReading(MailLimits limits, AttachmentSink sink) {
        this.limits = limits;
        this.leaves = new PartReader(limits, sink, defects);
        open.push(root);
    }

    ParsedMail read(InputStream raw) throws MailFormatException, IOException {
        Streams.Capped capped = new Streams.Capped(raw, limits.maxBytes());
        try {
            InputStream mail = Streams.fromFirstHeader(capped, defects);
            MimeTokenStream tokens = Tokens.of(limits, monitor());
            tokens.parse(mail);
            walk(tokens);
            while (open.size() > 1) {
                end();
            }
            Headers headers = top == null ? new Headers() : top;
            if (!headers.areOfAMail()) {
                throw new MailFormatException(
                        MailFormatException.Reason.NOT_A_MAIL, "it has none of the headers a mail has");
            }
            Streams.drain(capped);
            Body.Content content = Body.read(new Body.Many(root.subtype(), root.children()), limits.maxTextChars());
            return new MailAssembly(limits, defects).of(headers, content, leaves);
        } catch (IOException | RuntimeException e) {
            // A sink may have wrapped it, so the stream itself is asked.
            if (capped.isExceeded()) {
                throw new MailFormatException(
                        MailFormatException.Reason.TOO_LARGE, "it has more than " + limits.maxBytes() + " bytes");
            }
            throw e;
        }
    }

    private DecodeMonitor monitor() {
        return new DecodeMonitor() {
            @Override
            public boolean warn(String error, String dropDesc) {
                if (error.contains("Invalid header")) {
                    invalidHeaders++;
                } else if (error.contains("Body part ended")) {
                    defects.add(MailDefect.BROKEN_MULTIPART);
                }
                return false;
            }

            @Override
            public boolean isListening() {
                return true;
            }
        };
    }

    /** Reads on until the end, or until something makes the rest unreadable; what was read by then counts. */
    private void walk(MimeTokenStream tokens) throws IOException {
        try {
            for (EntityState state = tokens.getState();
                    !stopped && state != EntityState.T_END_OF_STREAM;
                    state = tokens.next()) {
                take(tokens, state);
            }
        } catch (MaxLineLimitException | MimeIOException | MimeException e) {
            boolean headers = Tokens.isLimitOfHeaders(e) || Tokens.isLimitOfHeaders(e.getCause());
            stop(headers ? MailDefect.HEADERS_CUT : MailDefect.BROKEN_MULTIPART);
        }
    }

    private void stop(MailDefect defect) {
        defects.add(defect);
        stopped = true;
    }

    private void take(MimeTokenStream tokens, EntityState state) throws IOException {
        switch (state) {
            case T_START_HEADER -> {
                current = new Headers();
                invalidHeaders = 0;
                top = top == null ? current : top;
            }
            case T_FIELD -> field(tokens.getField());
            case T_END_HEADER -> endOfHeaders();
            case T_START_BODYPART -> {
                currentMany().partsSeen()[0]++;
                if (++parts > limits.maxParts() || leaves.isFull()) {
                    stop(MailDefect.TOO_MANY_PARTS);
                }
            }
            case T_START_MULTIPART -> begin(type());
            case T_PREAMBLE -> preamble(tokens.getInputStream());
            case T_END_MULTIPART -> end();
            case T_BODY -> leaf(tokens.getInputStream());
            default -> {
                // Tells nothing that is needed.
            }
        }
    }

    /** A part without any header counts as one invalid header, and is none. */
    private void endOfHeaders() {
        if (invalidHeaders > (current.isEmpty() ? 1 : 0)) {
            defects.add(MailDefect.BROKEN_HEADER);
        }
    }

    private Many currentMany() {
        return open.element();
    }

    private void field(Field field) {
        ByteSequence raw = field.getRaw();
        byte[] bytes = raw == null ? field.getBody().getBytes(StandardCharsets.UTF_8) : raw.toByteArray();
        headerBytes += bytes.length;
        if (headerBytes > MAX_HEADER_BYTES_IN_ALL) {
            defects.add(MailDefect.HEADERS_CUT);
            return;
        }
        int from = 0;
        if (raw != null) {
            while (from < bytes.length && bytes[from] != ':') {
                from++;
            }
            from++;
        }
        current.addRaw(field.getName(), Arrays.copyOfRange(bytes, Math.min(from, bytes.length), bytes.length));
    }

    /** The type of the current part; in a digest a part is a mail unless it says otherwise. */
    private Parameters type() {
        Parameters type = Parameters.of(current.first("content-type"), defects);
        if (!type.value().isEmpty()
                && (type.value().indexOf('/') > 0 || type.value().equals("text"))) {
            return type;
        }
        return new Parameters(currentMany().subtype().equals("digest") ? "message/rfc822" : "text/plain", type.all());
    }

    private static String subtype(Parameters type) {
        return type.value().startsWith("multipart/") ? type.value().substring("multipart/".length()) : "mixed";
    }

    private void begin(Parameters type) {
        if (open.size() > limits.maxDepth()) {
            stop(MailDefect.TOO_DEEP);
            return;
        }
        leaves.seals().see(type);
        Many many = new Many(subtype(type));
        open.push(many);
    }

    private void end() {
        Many ended = open.pop();
        if (ended.partsSeen()[0] == 0) {
            defects.add(MailDefect.BROKEN_MULTIPART);
            ended.children().add(new Body.Text(ended.preamble().toString(), false));
        }
        currentMany().children().add(new Body.Many(ended.subtype(), ended.children()));
    }

    /**
     * What stands before the first boundary is for programs that know no MIME. But if parts stand in it, the boundary
     * that was declared is not the one that was used; and if there is no boundary at all, it is the whole text.
     */
    private void preamble(InputStream content) throws IOException {
        byte[] beginning = content.readNBytes(PEEK);
        String boundary = Tokens.boundaryIn(beginning);
        if (boundary != null) {
            defects.add(MailDefect.BROKEN_MULTIPART);
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(beginning), content);
            Many outer = currentMany();
            nested(whole, boundary, "multipart/" + outer.subtype());
            outer.partsSeen()[0]++;
        } else {
            currentMany().preamble().append(Bytes.guess(beginning));
        }
    }

    private void leaf(InputStream content) throws IOException {
        Parameters type = type();
        String parent = open.size() > 1 ? currentMany().subtype() : "";
        InputStream whole = content;
        if (type.value().startsWith("multipart/")) {
            defects.add(MailDefect.BROKEN_MULTIPART);
            byte[] beginning = content.readNBytes(PEEK);
            String boundary = Tokens.boundaryIn(beginning);
            whole = new SequenceInputStream(new ByteArrayInputStream(beginning), content);
            if (boundary != null) {
                nested(whole, boundary, type.value());
                return;
            }
            type = new Parameters("text/plain", Map.of());
        }
        Body body = leaves.read(current, type, parent, whole);
        if (body != null) {
            currentMany().children().add(body);
        }
    }

    private void nested(InputStream content, String boundary, String type) throws IOException {
        if (open.size() + nestings > limits.maxDepth()) {
            stop(MailDefect.TOO_DEEP);
            return;
        }
        MimeTokenStream tokens = Tokens.of(limits, monitor());
        tokens.parseHeadless(content, Tokens.contentType(type, boundary));
        nestings++;
        walk(tokens);
        nestings--;
    }
}
