package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.header.Addresses;
import io.opsrelay.ingestion.mime.header.EncodedWords;
import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.MailDates;
import io.opsrelay.ingestion.mime.header.MessageIds;
import io.opsrelay.ingestion.mime.html.HtmlQuotes;
import io.opsrelay.ingestion.mime.html.HtmlText;
import io.opsrelay.ingestion.mime.html.SafeHtml;
import io.opsrelay.ingestion.mime.kind.Evidence;
import io.opsrelay.ingestion.mime.kind.KindFinder;
import io.opsrelay.ingestion.mime.kind.Reports;
import io.opsrelay.ingestion.mime.reply.ReplyText;
import io.opsrelay.ingestion.mime.text.Clean;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jspecify.annotations.Nullable;

/** Makes the parsed mail of what was found in it. */
final class MailAssembly {

    private static final int MAX_SUBJECT = 998;
    /** What programs put where the plain text should be. */
    private static final Pattern STUB = Pattern.compile(
            "(?is).{0,200}(?:does(?: not|n't) support html|html[- ](?:e-?mail|message|format|version)|view (?:this|it) .{0,40}browser"
                    + "|unterstützt kein html|html-fähig|im browser (?:an)?sehen|not display html|cannot display).{0,200}");

    private final MailLimits limits;
    private final Set<MailDefect> defects;

    MailAssembly(MailLimits limits, Set<MailDefect> defects) {
        this.limits = limits;
        this.defects = defects;
    }

    static String decoded(String header, Set<MailDefect> defects) {
        return EncodedWords.decode(header, defects);
    }

    ParsedMail of(Headers headers, Body.Content content, PartReader leaves) {
        return of(
                headers,
                content,
                leaves.parts(),
                leaves.reports(),
                leaves.seals().result());
    }

    ParsedMail of(Headers headers, Body.Content content, List<MailPart> parts, Reports reports, MailSecurity security) {
        String subject = subject(headers);
        Address from = sender(headers);
        Texts texts = texts(content, subject);
        if (texts.text().isEmpty()) {
            defects.add(MailDefect.NO_TEXT);
        }
        String messageId = MessageIds.one(headers.first("message-id"));
        if (messageId == null) {
            defects.add(MailDefect.NO_MESSAGE_ID);
        }
        MailKind kind = KindFinder.of(new Evidence(headers, from, subject, texts.text(), reports, limits.ownHeader()));
        return new ParsedMail(
                messageId,
                MessageIds.all(headers.all("in-reply-to")),
                MessageIds.all(headers.all("references")),
                from,
                Addresses.read(headers.all("to"), defects),
                Addresses.read(headers.all("cc"), defects),
                Addresses.read(headers.all("reply-to"), defects),
                subject,
                sentAt(headers),
                texts.text(),
                texts.html(),
                texts.reply(),
                parts,
                kind,
                security,
                defects);
    }

    private String subject(Headers headers) {
        String subject = headers.first("subject");
        return subject == null ? "" : Clean.line(decoded(subject, defects), MAX_SUBJECT);
    }

    private @Nullable Address sender(Headers headers) {
        List<Address> from = Addresses.read(headers.all("from"), defects);
        if (from.size() > 1) {
            defects.add(MailDefect.SEVERAL_SENDERS);
        }
        List<Address> senders = from.isEmpty() ? Addresses.read(headers.all("sender"), defects) : from;
        if (senders.isEmpty()) {
            defects.add(MailDefect.NO_SENDER);
            return null;
        }
        return senders.getFirst();
    }

    private @Nullable Instant sentAt(Headers headers) {
        String date = headers.first("date");
        Instant sentAt = date == null ? null : MailDates.read(date);
        if (date != null && sentAt == null) {
            defects.add(MailDefect.BROKEN_DATE);
        }
        return sentAt;
    }

    private record Texts(String text, @Nullable String html, String reply) {}

    private Texts texts(Body.Content content, String subject) {
        int max = limits.maxTextChars();
        String plain = Clean.cut(Clean.body(content.text()), max);
        String written = content.html();
        if (written == null) {
            return new Texts(plain, null, ReplyText.of(subject, plain));
        }
        Document document = Jsoup.parse(written);
        String seen = HtmlText.of(document, max);
        boolean plainIsGood = !plain.isEmpty()
                && !(plain.length() < 400 && STUB.matcher(plain).matches());
        String text = plainIsGood || seen.isEmpty() ? plain : seen;
        String reply = ReplyText.of(subject, text);
        boolean marksMayTellMore = reply.equals(text) || !plainIsGood;
        if (marksMayTellMore && !ReplyText.isForward(subject)) {
            Document own = HtmlQuotes.without(document);
            String rest = own == null ? "" : ReplyText.of(subject, HtmlText.of(own, max));
            reply = rest.isEmpty() ? reply : rest;
        }
        String safe = Clean.text(SafeHtml.of(Clean.text(written))).strip();
        return new Texts(text, safe.isBlank() ? null : safe, reply);
    }
}
