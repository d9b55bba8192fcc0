package io.opsrelay.approval.mail;

import io.opsrelay.approval.mail.MailProperties.Security;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import java.util.UUID;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.stereotype.Component;

/** Hands mails to the SMTP server, each over a connection of its own. */
@Component
class Smtp {

    private static final String UTF_8 = StandardCharsets.UTF_8.name();
    private static final int PERMANENT = 500;
    private static final int MAX_REASON = 300;

    private final MailProperties properties;
    private final Session session;

    Smtp(MailProperties properties, SslBundles bundles) {
        this.properties = properties;
        this.session = Session.getInstance(settings(properties, bundles));
    }

    private static Properties settings(MailProperties properties, SslBundles bundles) {
        String millis = Long.toString(properties.timeout().toMillis());
        Properties settings = new Properties();
        settings.put("mail.smtp.connectiontimeout", millis);
        settings.put("mail.smtp.timeout", millis);
        settings.put("mail.smtp.writetimeout", millis);
        settings.put("mail.smtp.auth", Boolean.toString(!properties.username().isEmpty()));
        settings.put("mail.smtp.from", properties.from());
        settings.put("mail.smtp.ssl.checkserveridentity", "true");
        settings.put("mail.smtp.ssl.enable", Boolean.toString(properties.security() == Security.TLS));
        settings.put("mail.smtp.starttls.enable", Boolean.toString(properties.security() == Security.STARTTLS));
        settings.put("mail.smtp.starttls.required", Boolean.toString(properties.security() == Security.STARTTLS));
        if (!properties.sslBundle().isBlank()) {
            settings.put(
                    "mail.smtp.ssl.socketFactory",
                    bundles.getBundle(properties.sslBundle()).createSslContext().getSocketFactory());
        }
        return settings;
    }

    /** What became of it. */
    sealed interface Result {

        /** The server has taken it. */
        record Sent() implements Result {}

        /** The server will never take it. */
        record Refused(String reason) implements Result {}

        /** It may be taken later. */
        record Trouble(String reason) implements Result {}
    }

    /** @param mailId by which a mail that comes twice is known */
    Result send(UUID mailId, String recipient, Letter letter, Instant at) {
        try {
            Message message = message(mailId, recipient, letter, at);
            try (Transport transport = session.getTransport("smtp")) {
                transport.connect(
                        properties.host(),
                        properties.port(),
                        properties.username().isEmpty() ? null : properties.username(),
                        properties.password().isEmpty() ? null : properties.password());
                transport.sendMessage(message, message.getAllRecipients());
            }
            return new Result.Sent();
        } catch (MessagingException e) {
            return isPermanent(e) ? new Result.Refused(reason(e)) : new Result.Trouble(reason(e));
        }
    }

    private Message message(UUID mailId, String recipient, Letter letter, Instant at) throws MessagingException {
        String id = "<" + mailId + properties.from().substring(properties.from().indexOf('@')) + ">";
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", id);
            }
        };
        message.setFrom(from());
        message.setRecipients(Message.RecipientType.TO, new Address[] {new InternetAddress(recipient, true)});
        message.setSubject(letter.subject(), UTF_8);
        message.setSentDate(Date.from(at));
        // So that nobody's machine answers it.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Auto-Response-Suppress", "All");
        MimeMultipart alternatives = new MimeMultipart("alternative");
        alternatives.addBodyPart(part(letter.text(), "plain"));
        alternatives.addBodyPart(part(letter.html(), "html"));
        message.setContent(alternatives);
        message.saveChanges();
        return message;
    }

    private InternetAddress from() throws MessagingException {
        try {
            InternetAddress from = new InternetAddress(properties.from(), true);
            from.setPersonal("OpsRelay", UTF_8);
            return from;
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every JDK has UTF-8", e);
        }
    }

    private static MimeBodyPart part(String text, String kind) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, UTF_8, kind);
        return part;
    }

    /** Whether the server said for good that it does not want this mail. A refused sign-in is our configuration's fault. */
    private static boolean isPermanent(MessagingException e) {
        for (Exception cause = e; cause != null; cause = next(cause)) {
            int code =
                    switch (cause) {
                        case SMTPAddressFailedException address -> address.getReturnCode();
                        case SMTPSenderFailedException sender -> 0;
                        case SMTPSendFailedException sending -> sending.getReturnCode();
                        default -> 0;
                    };
            if (code >= PERMANENT) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Exception next(Exception e) {
        return e instanceof MessagingException messaging ? messaging.getNextException() : null;
    }

    /** What people see of it: the innermost message of the mail library, on one line. */
    private static String reason(MessagingException e) {
        Exception shown = e;
        if (e instanceof SendFailedException && e.getNextException() != null) {
            shown = e.getNextException();
        }
        String text = String.valueOf(shown.getMessage())
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON);
    }
}
