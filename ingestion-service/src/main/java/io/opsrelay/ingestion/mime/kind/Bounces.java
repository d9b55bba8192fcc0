package io.opsrelay.ingestion.mime.kind;

import io.opsrelay.ingestion.mime.MailKind;
import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.MessageIds;
import io.opsrelay.ingestion.mime.text.Clean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Mails about mails that did not arrive: by the standard (RFC 3464), and in the forms that are older than it. */
final class Bounces {

    private static final int MAX_REASON = 500;
    private static final int MAX_RECIPIENTS = 100;
    private static final Set<String> DAEMONS = Set.of(
            "mailer-daemon",
            "postmaster",
            "mail-daemon",
            "mailerdaemon",
            "maildaemon",
            "mdaemon",
            "mail delivery system",
            "mail delivery subsystem");
    private static final Pattern SUBJECT = Pattern.compile(
            "(?i).*(?:undeliver(?:ed|able)|delivery status notification|delivery (?:has )?failed|delivery failure"
                    + "|failure notice|mail delivery failed|returned mail|returning message to sender|returned to sender"
                    + "|could not (?:be delivered|send message)|delivery problem|mail system error|nondeliverable"
                    + "|message delay(?:ed)?|delayed mail|delivery delayed|warning: message"
                    + "|unzustellbar|nicht zustellbar|nicht zugestellt|zustellung fehlgeschlagen|fehler bei der zustellung"
                    + "|non remis|non distribuable|échec de (?:la )?(?:remise|distribution)|remise différée"
                    + "|no se puede entregar|no entregado|devuelto|não é possível entregar|não entregue|falha na entrega"
                    + "|recapito non riuscito|mancato recapito|impossibile recapitare|niet bestelbaar|onbestelbaar"
                    + "|nie można dostarczyć|niedostarczon|配信不能|配信できません|退信|无法投递|不能送达).*",
            Pattern.UNICODE_CASE);
    private static final Pattern STILL_TRYING = Pattern.compile(
            "(?i)(?:\\bdelay(?:ed)?\\b|will (?:continue|keep) (?:to try|trying)|will be retried|is still being retried|not yet been delivered"
                    + "|this is (?:only )?a warning|do not need to resend|verzögert|différée|retrasad|atrasad"
                    + "|temporarily deferred)");
    private static final Pattern STATUS = Pattern.compile("\\b([245]\\.\\d{1,3}\\.\\d{1,3})\\b");
    private static final Pattern REPLY_CODE = Pattern.compile("(?m)(?:^|[\\s:(])([45]\\d\\d)[ -]");
    private static final Pattern ADDRESS_LINE = Pattern.compile(
            "(?m)^[ \t]*<?([^\\s<>:;,@]{1,64}@[^\\s<>:;,@]{1,255})>?:?[ \t]*+(?:\\(.{0,200}\\))?[ \t]*+$");
    private static final Pattern ADDRESS = Pattern.compile("<([^\\s<>@]{1,64}@[^\\s<>@]{1,255})>");
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^[> \t]*Message-ID:\\s*<([^<>\\s]{3,500})>");

    private Bounces() {}

    static Optional<MailKind> find(Evidence mail) {
        String type = Reports.typeIn(mail.headers());
        String status = mail.reports().deliveryStatus();
        boolean daemon = isDaemon(mail);
        if (status != null && (type.equals("delivery-status") || daemon || mail.hasEmptyReturnPath())) {
            return Optional.of(byStatus(mail, status));
        }
        boolean machine = daemon
                || mail.hasEmptyReturnPath()
                || mail.headers().has("x-failed-recipients")
                || mail.headers().has("x-ms-exchange-message-is-ndr")
                || type.equals("delivery-status");
        boolean says = mail.headers().has("x-failed-recipients")
                || SUBJECT.matcher(mail.subject()).matches();
        return machine && says ? Optional.of(byText(mail)) : Optional.empty();
    }

    /** Whether a mail system is the sender. */
    static boolean isDaemon(Evidence mail) {
        String local = mail.localPart().replace("\"", "").strip();
        return DAEMONS.contains(local) || local.startsWith("mailer-daemon") || local.startsWith("microsoftexchange");
    }

    /** One recipient of a delivery report. */
    private record Recipient(
            String action,
            @Nullable String address,
            @Nullable String status,
            @Nullable String diagnostic) {

        /** Failed before delayed before all is well. */
        int severity() {
            return switch (action) {
                case "failed" -> 2;
                case "delayed" -> 1;
                case "delivered", "relayed", "expanded" -> 0;
                default -> status == null || status.startsWith("5") ? 2 : status.startsWith("4") ? 1 : 0;
            };
        }
    }

    private static MailKind byStatus(Evidence mail, String report) {
        List<Recipient> recipients = new ArrayList<>();
        String original = mail.reports().originalMessageId();
        for (Headers fields : Headers.groupsOf(report, MAX_RECIPIENTS + 2)) {
            original = original != null ? original : MessageIds.one(fields.first("x-original-message-id"));
            if (fields.has("action") || fields.has("final-recipient") || fields.has("status")) {
                recipients.add(recipient(fields));
            }
        }
        Recipient worst = null;
        for (Recipient recipient : recipients) {
            worst = worst == null || recipient.severity() > worst.severity() ? recipient : worst;
        }
        if (worst == null) {
            return byText(mail);
        }
        if (worst.severity() == 0) {
            return new MailKind.DeliveryNotice(worst.address(), original);
        }
        String reason = worst.diagnostic() == null ? null : Clean.line(worst.diagnostic(), MAX_REASON);
        return new MailKind.Bounce(worst.severity() == 2, worst.address(), original, worst.status(), reason);
    }

    private static Recipient recipient(Headers fields) {
        String action = fields.lower("action").split("[\\s(;]", 2)[0];
        String address = address(fields.first("final-recipient"));
        if (address == null) {
            address = address(fields.first("original-recipient"));
        }
        Matcher status = STATUS.matcher(fields.lower("status"));
        String diagnostic = fields.first("diagnostic-code");
        if (diagnostic != null) {
            diagnostic = diagnostic.replaceFirst("^(?i)(?:smtp|x-[\\w-]+)\\s*;\\s*", "");
        }
        return new Recipient(action, address, status.find() ? status.group(1) : null, diagnostic);
    }

    /** "rfc822; jane@example.com", with or without its type. */
    static @Nullable String address(@Nullable String field) {
        if (field == null) {
            return null;
        }
        String address = field.substring(field.indexOf(';') + 1).strip().toLowerCase(Locale.ROOT);
        address = address.replace("<", "").replace(">", "").split("\\s", 2)[0];
        return address.indexOf('@') > 0 && address.length() <= 320 ? address : null;
    }

    private static MailKind byText(Evidence mail) {
        String text = Clean.cut(mail.text(), Reports.LOOKED_AT);
        Matcher status = STATUS.matcher(text);
        Matcher code = REPLY_CODE.matcher(text);
        String found = status.find() ? status.group(1) : null;
        boolean temporary = STILL_TRYING.matcher(mail.subject()).find()
                || STILL_TRYING.matcher(Clean.cut(text, 2_000)).find()
                || (found != null
                        && found.startsWith("4")
                        && !SUBJECT.matcher(mail.subject()).matches());
        String original = mail.reports().originalMessageId();
        Matcher id = MESSAGE_ID.matcher(text);
        if (original == null && id.find()) {
            original = id.group(1);
        }
        String reason = null;
        if (found != null) {
            reason = lineAround(text, status.start());
        } else if (code.find()) {
            reason = lineAround(text, code.start(1));
        }
        return new MailKind.Bounce(!temporary, failedRecipient(mail, text), original, found, reason);
    }

    private static String lineAround(String text, int at) {
        int from = text.lastIndexOf('\n', at) + 1;
        int to = text.indexOf('\n', at);
        return Clean.line(text.substring(from, to < 0 ? text.length() : to), MAX_REASON);
    }

    private static @Nullable String failedRecipient(Evidence mail, String text) {
        String header = mail.headers().first("x-failed-recipients");
        if (header != null) {
            return address(header.split(",", 2)[0]);
        }
        for (Pattern pattern : List.of(ADDRESS_LINE, ADDRESS)) {
            Matcher found = pattern.matcher(text);
            if (found.find()) {
                return found.group(1).toLowerCase(Locale.ROOT);
            }
        }
        String to = mail.reports().originalTo();
        Matcher found = to == null ? null : ADDRESS.matcher(to);
        if (found != null && found.find()) {
            return found.group(1).toLowerCase(Locale.ROOT);
        }
        return address(to);
    }
}
