package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.MailHeaders;
import io.opsrelay.ingestion.email.Spool;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mail that a provider has taken apart: put together again, it is read by the same rules as all others. Its attachments
 * are spools, which it closes.
 */
final class Letter implements Closeable {

    /** What describes the body's form, which here is another one than it was; and what would break the lines. */
    private static final Set<String> OF_THE_BODY = Set.of(
            "mime-version",
            "content-type",
            "content-transfer-encoding",
            "content-disposition",
            "content-length",
            "bcc");

    private static final Set<String> ADDRESSES = Set.of("from", "to", "cc", "reply-to", "sender");
    private static final String LINE = "\r\n";

    private final List<MailHeaders.Header> headers = new ArrayList<>();
    private final List<Attached> attachments = new ArrayList<>();
    private String text = "";
    private String html = "";

    /** A file of the mail. */
    private record Attached(
            String name, String type, @Nullable String contentId, Spool content) {}

    /** Adds a header, as it was or decoded; one without a value is none. */
    Letter header(String name, @Nullable String value) {
        if (value != null
                && !value.isBlank()
                && name.matches("[!-9;-~]{1,100}")
                && !OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT))) {
            headers.add(new MailHeaders.Header(name, value));
        }
        return this;
    }

    /** Adds it unless there is one of that name. */
    Letter headerIfNone(String name, @Nullable String value) {
        return headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name)) ? this : header(name, value);
    }

    Letter text(@Nullable String plain) {
        text = plain == null ? "" : plain;
        return this;
    }

    Letter html(@Nullable String unsafe) {
        html = unsafe == null ? "" : unsafe;
        return this;
    }

    /** Takes the content over. */
    Letter attach(@Nullable String name, @Nullable String type, @Nullable String contentId, Spool content) {
        attachments.add(new Attached(
                name == null || name.isBlank() ? "file" : name,
                type == null || !type.matches("[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
                        ? "application/octet-stream"
                        : type,
                contentId,
                content));
        return this;
    }

    MailHeaders headers() {
        return MailHeaders.parse(headers.stream()
                .map(header -> header.name() + ": " + oneLine(header.value()))
                .collect(Collectors.joining(LINE)));
    }

    /** The whole mail; the caller closes it. */
    Spool composed() throws IOException {
        Spool out = new Spool();
        try {
            String boundary = "=_" + UUID.randomUUID();
            String inner = "=_" + UUID.randomUUID();
            for (MailHeaders.Header header : headers) {
                line(out, header.name() + ": " + encoded(header.name(), oneLine(header.value())));
            }
            line(out, "MIME-Version: 1.0");
            line(out, "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"");
            line(out, "");
            line(out, "--" + boundary);
            line(out, "Content-Type: multipart/alternative; boundary=\"" + inner + "\"");
            line(out, "");
            body(out, inner, "text/plain", text);
            body(out, inner, "text/html", html);
            line(out, "--" + inner + "--");
            for (Attached attached : attachments) {
                attachment(out, boundary, attached);
            }
            line(out, "--" + boundary + "--");
            return out;
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    private static void body(OutputStream out, String boundary, String type, String content) throws IOException {
        if (content.isEmpty() && type.equals("text/html")) {
            return;
        }
        line(out, "--" + boundary);
        line(out, "Content-Type: " + type + "; charset=utf-8");
        line(out, "Content-Transfer-Encoding: base64");
        line(out, "");
        try (OutputStream base64 = base64(out)) {
            base64.write(content.getBytes(StandardCharsets.UTF_8));
        }
        line(out, "");
    }

    private static void attachment(OutputStream out, String boundary, Attached attached) throws IOException {
        String name = parameter(attached.name);
        line(out, "--" + boundary);
        line(out, "Content-Type: " + attached.type);
        line(out, "Content-Transfer-Encoding: base64");
        if (attached.contentId != null && !attached.contentId.isBlank()) {
            line(out, "Content-ID: <" + oneLine(attached.contentId).replaceAll("[<>\\s]", "") + ">");
            line(out, "Content-Disposition: inline; " + name);
        } else {
            line(out, "Content-Disposition: attachment; " + name);
        }
        line(out, "");
        try (OutputStream base64 = base64(out);
                InputStream in = attached.content.open()) {
            in.transferTo(base64);
        }
        line(out, "");
    }

    /** The name of a file in any alphabet (RFC 2231). */
    private static String parameter(String fileName) {
        return "filename*=utf-8''"
                + URLEncoder.encode(oneLine(fileName), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A");
    }

    /** Closing it ends the base64, and leaves what is below open. */
    private static OutputStream base64(OutputStream out) {
        return Base64.getMimeEncoder().wrap(new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        });
    }

    private static String encoded(String name, String value) throws UnsupportedEncodingException {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(value)) {
            return value;
        }
        if (!ADDRESSES.contains(name.toLowerCase(Locale.ROOT))) {
            return oneLine(MimeUtility.encodeText(value, "utf-8", "B"));
        }
        try {
            InternetAddress[] addresses = InternetAddress.parse(value, false);
            for (InternetAddress address : addresses) {
                address.setPersonal(address.getPersonal(), "utf-8");
            }
            return oneLine(Stream.of(addresses).map(InternetAddress::toString).collect(Collectors.joining(", ")));
        } catch (AddressException e) {
            return value;
        }
    }

    /** Nobody begins a header of his own inside another one. */
    private static String oneLine(String value) {
        return value.replaceAll("[\\p{Cntrl}]+\\s*", " ").strip();
    }

    private static void line(OutputStream out, String line) throws IOException {
        out.write((line + LINE).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        for (Attached attached : attachments) {
            attached.content.close();
        }
    }
}
