package io.opsrelay.ingestion.mime.kind;

import io.opsrelay.ingestion.mime.MailKind;
import io.opsrelay.ingestion.mime.header.Headers;
import io.opsrelay.ingestion.mime.header.MessageIds;
import java.util.Optional;
import java.util.Set;

/** Decides what kind a mail is; the first rule that holds wins, the most specific ones come first. */
public final class KindFinder {

    private static final Set<String> ANSWERS_OF_CALENDARS =
            Set.of("REPLY", "COUNTER", "DECLINECOUNTER", "CANCEL", "REFRESH");

    private KindFinder() {}

    public static MailKind of(Evidence mail) {
        if (mail.headers().has(mail.ownHeader())) {
            return new MailKind.OwnNotification();
        }
        return Bounces.find(mail)
                .or(() -> readReceipt(mail))
                .or(() -> complaint(mail))
                .or(() -> Machines.challenge(mail))
                .or(() -> calendar(mail))
                .or(() -> Machines.machine(mail))
                .or(() -> Machines.list(mail))
                .orElseGet(MailKind.Ordinary::new);
    }

    private static Optional<MailKind> readReceipt(Evidence mail) {
        String report = mail.reports().disposition();
        if (report == null || !Reports.typeIn(mail.headers()).equals("disposition-notification")) {
            return Optional.empty();
        }
        Headers fields = Headers.ofText(report.stripLeading());
        String original = MessageIds.one(fields.first("original-message-id"));
        String recipient = Bounces.address(fields.first("final-recipient"));
        return Optional.of(new MailKind.ReadReceipt(
                recipient, original == null ? mail.reports().originalMessageId() : original));
    }

    private static Optional<MailKind> complaint(Evidence mail) {
        String report = mail.reports().feedback();
        if (report == null || !Reports.typeIn(mail.headers()).equals("feedback-report")) {
            return Optional.empty();
        }
        Headers fields = Headers.ofText(report.stripLeading());
        String recipient = Bounces.address(fields.first("original-rcpt-to"));
        return Optional.of(new MailKind.Complaint(recipient, mail.reports().originalMessageId()));
    }

    private static Optional<MailKind> calendar(Evidence mail) {
        String method = mail.reports().calendarMethod();
        return method != null && ANSWERS_OF_CALENDARS.contains(method)
                ? Optional.of(new MailKind.CalendarReply(method))
                : Optional.empty();
    }
}
