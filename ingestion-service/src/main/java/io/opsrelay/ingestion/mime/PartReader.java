package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.MessageIds;
import io.opsrelay.ingestion.mime.header.Parameters;
import io.opsrelay.ingestion.mime.kind.Reports;
import io.opsrelay.ingestion.mime.text.Bytes;
import io.opsrelay.ingestion.mime.text.Charsets;
import io.opsrelay.ingestion.mime.text.Clean;
import io.opsrelay.ingestion.mime.text.Flowed;
import io.opsrelay.ingestion.mime.text.Uuencoded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the leaves of a mail: text stays here, everything else goes to the sink. */
final class PartReader {

    private static final int BYTES_OF_A_CHAR = 3;

    private final MailLimits limits;
    private final AttachmentSink sink;
    private final Set<MailDefect> defects;
    private final List<MailPart> parts = new ArrayList<>();
    private final Reports reports = new Reports();
    private final Seals seals = new Seals();
    private int plainLeft;
    private int htmlLeft;

    PartReader(MailLimits limits, AttachmentSink sink, Set<MailDefect> defects) {
        this.limits = limits;
        this.sink = sink;
        this.defects = defects;
        this.plainLeft = limits.maxTextChars();
        this.htmlLeft = limits.maxTextChars();
    }

    List<MailPart> parts() {
        return parts;
    }

    Reports reports() {
        return reports;
    }

    Seals seals() {
        return seals;
    }

    /**
     * Reads a leaf to its end.
     *
     * @param type of the part, its default put in where it has none
     * @param parent subtype of the multipart it stands in; empty at the top
     * @return its text, if it is text to be read
     */
    @Nullable
    Body read(Headers headers, Parameters type, String parent, InputStream raw) throws IOException {
        seals.see(type);
        Parameters disposition = Parameters.of(headers.first("content-disposition"), defects);
        String name = disposition.get("filename") == null ? type.get("name") : disposition.get("filename");
        InputStream content = Transfer.decode(raw, headers.first("content-transfer-encoding"), defects);
        boolean plain = type.value().equals("text/plain") || type.value().equals("text");
        boolean html = type.value().equals("text/html") || type.value().equals("application/xhtml+xml");
        // A name makes a file of a text, but not where the text is all there is, or one form of what is said.
        boolean isFile = name != null && !name.isBlank() && !parent.isEmpty() && !parent.equals("alternative");
        boolean shown = (plain || html) && !disposition.value().equals("attachment") && !isFile;
        String charset = type.get("charset");
        if (shown && charset != null && Charsets.isRefused(charset)) {
            defects.add(MailDefect.REFUSED_CHARSET);
            shown = false;
        }
        if (shown) {
            return text(content, type, html);
        }
        attach(headers, type, disposition, name, parent, content);
        return null;
    }

    private Body text(InputStream content, Parameters type, boolean html) throws IOException {
        int left = html ? htmlLeft : plainLeft;
        byte[] bytes = content.readNBytes(left * BYTES_OF_A_CHAR + 4);
        String text = Bytes.decode(bytes, type.get("charset"), html, defects);
        if (text.length() > left || content.read() >= 0) {
            defects.add(MailDefect.TEXT_CUT);
            text = Clean.cut(text, left);
        }
        if (html) {
            htmlLeft -= text.length();
            return new Body.Text(text, true);
        }
        plainLeft -= text.length();
        seals.see(text);
        String clean = Clean.text(text);
        Uuencoded.Found found = Uuencoded.takeOut(clean);
        for (Uuencoded.File file : found.files()) {
            if (!file.whole()) {
                defects.add(MailDefect.BROKEN_TRANSFER_ENCODING);
            }
            hand(
                    FileNames.of(file.name(), "application/octet-stream", parts.size() + 1),
                    "application/octet-stream",
                    null,
                    MailPart.Role.ATTACHMENT,
                    new ByteArrayInputStream(file.content()));
        }
        boolean flowed = "flowed".equalsIgnoreCase(type.get("format"));
        boolean delSp = "yes".equalsIgnoreCase(type.get("delsp"));
        return new Body.Text(flowed ? Flowed.unfold(found.text(), delSp) : found.text(), false);
    }

    private void attach(
            Headers headers,
            Parameters type,
            Parameters disposition,
            @Nullable String name,
            String parent,
            InputStream content)
            throws IOException {
        String mediaType = FileNames.mediaType(type.value().equals("text") ? "text/plain" : type.value());
        String id = MessageIds.one(headers.first("content-id"));
        String given = name;
        InputStream whole = content;
        if (Reports.isOf(mediaType)) {
            byte[] beginning = content.readNBytes(Reports.LOOKED_AT);
            String start = Bytes.guess(beginning);
            reports.look(mediaType, start, type.get("method"));
            if (given == null && mediaType.equals("message/rfc822")) {
                given = subjectOf(start);
            }
            whole = new SequenceInputStream(new ByteArrayInputStream(beginning), content);
        }
        MailPart.Role role = role(mediaType, type, given, disposition.value(), parent, id);
        String contentId = id == null ? null : Clean.line(id, 500);
        hand(FileNames.of(given, mediaType, parts.size() + 1), mediaType, contentId, role, whole);
    }

    private @Nullable String subjectOf(String start) {
        String subject = Headers.ofText(start.stripLeading()).first("subject");
        String decoded = subject == null ? "" : Clean.line(MailAssembly.decoded(subject, defects), 100);
        return decoded.isEmpty() ? null : decoded.replace('/', '-').replace('\\', '-') + ".eml";
    }

    private static MailPart.Role role(
            String mediaType,
            Parameters type,
            @Nullable String name,
            String disposition,
            String parent,
            @Nullable String id) {
        String file = name == null ? "" : name.toLowerCase(Locale.ROOT);
        return switch (mediaType) {
            case "application/ms-tnef", "application/vnd.ms-tnef" -> MailPart.Role.TNEF;
            case "message/rfc822", "message/global" -> MailPart.Role.MESSAGE;
            case "text/calendar", "application/ics" -> MailPart.Role.CALENDAR;
            case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature" ->
                MailPart.Role.SIGNATURE;
            case "application/pgp-encrypted" -> MailPart.Role.ENCRYPTED;
            case "application/pkcs7-mime", "application/x-pkcs7-mime" ->
                "signed-data".equalsIgnoreCase(type.get("smime-type"))
                        ? MailPart.Role.SIGNATURE
                        : MailPart.Role.ENCRYPTED;
            case "message/delivery-status",
                    "message/global-delivery-status",
                    "message/disposition-notification",
                    "message/feedback-report",
                    "message/rfc822-headers",
                    "text/rfc822-headers" -> MailPart.Role.REPORT;
            default -> {
                if (file.equals("winmail.dat")) {
                    yield MailPart.Role.TNEF;
                }
                if (parent.equals("encrypted")) {
                    yield MailPart.Role.ENCRYPTED;
                }
                boolean inline = mediaType.startsWith("image/")
                        && (disposition.equals("inline") || parent.equals("related"))
                        && id != null;
                yield inline ? MailPart.Role.INLINE : MailPart.Role.ATTACHMENT;
            }
        };
    }

    private void hand(
            String name, String mediaType, @Nullable String contentId, MailPart.Role role, InputStream content)
            throws IOException {
        Streams.Counted counted = new Streams.Counted(content);
        sink.accept(name, mediaType, contentId, counted);
        Streams.drain(counted);
        parts.add(new MailPart(name, mediaType, contentId, role, counted.bytes()));
    }

    /** Whether as many attachments were handed on as a mail may have parts. */
    boolean isFull() {
        return parts.size() >= limits.maxParts();
    }
}
