package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.Parameters;
import io.opsrelay.ingestion.mime.kind.Reports;
import io.opsrelay.ingestion.mime.text.Clean;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Set;

/** Reads mails. Holds no state between them: one parser serves all threads. */
public final class MailParser {

    private final MailLimits limits;

    public MailParser() {
        this(MailLimits.DEFAULT);
    }

    public MailParser(MailLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads a mail to its end. Attachments go to the sink while they are read; only texts stay in memory.
     *
     * @param raw the mail as it came over the wire; not closed
     * @throws MailFormatException where it is no mail, or larger than allowed; parts may have gone to the sink by then
     * @throws IOException what {@code raw} or the sink throws
     */
    public ParsedMail parse(InputStream raw, AttachmentSink sink) throws MailFormatException, IOException {
        return new MailReading(limits, sink).read(raw);
    }

    /** Reads a mail whose fields a provider has taken apart, by the same rules. */
    public ParsedMail read(MailFields fields) {
        Set<MailDefect> defects = EnumSet.noneOf(MailDefect.class);
        Headers headers = new Headers();
        fields.headers().forEach(header -> headers.add(header.name(), header.value()));
        String text = cut(fields.text() == null ? "" : fields.text(), defects);
        String html = fields.html() == null || fields.html().isBlank() ? null : cut(fields.html(), defects);
        Seals seals = new Seals();
        seals.see(text);
        seals.see(Parameters.of(headers.first("content-type"), defects));
        Body.Content content = new Body.Content(text, html);
        return new MailAssembly(limits, defects).of(headers, content, fields.parts(), new Reports(), seals.result());
    }

    private String cut(String text, Set<MailDefect> defects) {
        if (text.length() > limits.maxTextChars()) {
            defects.add(MailDefect.TEXT_CUT);
        }
        return Clean.cut(text, limits.maxTextChars());
    }
}
