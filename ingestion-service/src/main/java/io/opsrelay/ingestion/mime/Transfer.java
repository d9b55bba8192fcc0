package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.text.Uuencoded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;
import org.jspecify.annotations.Nullable;

/** Undoes transfer encodings, and goes on behind their errors. */
final class Transfer {

    /** A file in uuencode is held in memory; this rare form gets no more. */
    private static final int MAX_UUENCODED = 4 * 1024 * 1024;

    private Transfer() {}

    static InputStream decode(InputStream raw, @Nullable String encoding, Set<MailDefect> defects) throws IOException {
        String name = encoding == null ? "" : encoding.strip().toLowerCase(Locale.ROOT);
        int end = name.indexOf(';');
        name = (end < 0 ? name : name.substring(0, end))
                .replace("\"", "")
                .replace('_', '-')
                .strip();
        return switch (name) {
            case "", "7bit", "8bit", "binary", "7-bit", "8-bit", "7 bit", "8 bit", "none", "identity" -> raw;
            case "base64", "base-64", "b64" -> new Base64Stream(raw, defects);
            case "quoted-printable", "quotedprintable", "qp" -> new QuotedPrintableInputStream(raw, monitor(defects));
            case "x-uuencode", "uuencode", "x-uue", "uue" -> uuencoded(raw, defects);
            default -> {
                defects.add(MailDefect.UNKNOWN_TRANSFER_ENCODING);
                yield raw;
            }
        };
    }

    private static InputStream uuencoded(InputStream raw, Set<MailDefect> defects) throws IOException {
        byte[] bytes = raw.readNBytes(MAX_UUENCODED);
        Uuencoded.Found found = Uuencoded.takeOut(new String(bytes, StandardCharsets.ISO_8859_1));
        if (found.files().isEmpty()) {
            defects.add(MailDefect.BROKEN_TRANSFER_ENCODING);
            return new ByteArrayInputStream(bytes);
        }
        Uuencoded.File file = found.files().getFirst();
        if (!file.whole() || bytes.length == MAX_UUENCODED) {
            defects.add(MailDefect.BROKEN_TRANSFER_ENCODING);
        }
        return new ByteArrayInputStream(file.content());
    }

    private static DecodeMonitor monitor(Set<MailDefect> defects) {
        return new DecodeMonitor() {
            @Override
            public boolean warn(String error, String dropDesc) {
                defects.add(MailDefect.BROKEN_TRANSFER_ENCODING);
                return false;
            }

            @Override
            public boolean isListening() {
                return true;
            }
        };
    }
}
