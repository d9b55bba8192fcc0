package io.opsrelay.ingestion.mailout.provider;

import io.opsrelay.ingestion.mailout.provider.SmtpServer.Security;
import io.opsrelay.security.outbound.GuardedSockets;
import jakarta.activation.DataHandler;
import jakarta.activation.DataSource;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/** Hands mails to an SMTP server, each over a connection of its own. */
public final class SmtpSender implements MailSender {

    private static final String UTF_8 = StandardCharsets.UTF_8.name();
    private static final int ANSWERED = 200;
    private static final int PERMANENT = 500;
    /** RFC 3463: what is wrong is the address. */
    private static final Pattern BAD_ADDRESS = Pattern.compile("\\b5\\.1\\.[0-9]{1,3}\\b");

    private final SmtpServer server;
    private final Session session;

    /** Connects to nothing yet. */
    public SmtpSender(SmtpServer server) {
        this.server = server;
        this.session = Session.getInstance(settings(server));
    }

    private static Properties settings(SmtpServer server) {
        String millis = Long.toString(server.timeout().toMillis());
        Properties settings = new Properties();
        settings.put("mail.smtp.connectiontimeout", millis);
        settings.put("mail.smtp.timeout", millis);
        settings.put("mail.smtp.writetimeout", millis);
        settings.put("mail.smtp.auth", Boolean.toString(!server.username().isEmpty()));
        settings.put("mail.smtp.quitwait", "false");
        settings.put("mail.smtp.socketFactory", new GuardedSockets(server.allowPrivate()));
        // Else the library would connect anew without the guard where the guard refuses.
        settings.put("mail.smtp.socketFactory.fallback", "false");
        SSLContext trust = server.trust();
        if (trust != null) {
            settings.put("mail.smtp.ssl.socketFactory", trust.getSocketFactory());
        }
        settings.put("mail.smtp.ssl.checkserveridentity", "true");
        settings.put("mail.smtp.ssl.enable", Boolean.toString(server.security() == Security.TLS));
        settings.put("mail.smtp.starttls.enable", Boolean.toString(server.security() == Security.STARTTLS));
        settings.put("mail.smtp.starttls.required", Boolean.toString(server.security() == Security.STARTTLS));
        return settings;
    }

    @Override
    public Handover send(OutgoingMail mail) {
        Letter letter = new Letter(session);
        Transport transport = null;
        try {
            fill(letter, mail);
            transport = session.getTransport("smtp");
            transport.connect(
                    server.host(),
                    server.port(),
                    server.username().isEmpty() ? null : server.username(),
                    server.password().isEmpty() ? null : server.password());
            transport.sendMessage(letter, letter.getAllRecipients());
            return new Handover.Taken(null);
        } catch (MessagingException e) {
            return judge(e, letter.written);
        } finally {
            closeQuietly(transport);
        }
    }

    private void fill(Letter letter, OutgoingMail mail) throws MessagingException {
        letter.setFrom(address(mail.from(), mail.fromName()));
        letter.setRecipients(Message.RecipientType.TO, new Address[] {address(mail.to(), "")});
        letter.setReplyTo(new Address[] {address(mail.replyTo(), mail.fromName())});
        letter.setSubject(mail.subject(), UTF_8);
        letter.setSentDate(Date.from(mail.at()));
        MimeMultipart alternatives = new MimeMultipart("alternative");
        alternatives.addBodyPart(part(mail.text(), "plain"));
        alternatives.addBodyPart(part(mail.html(), "html"));
        letter.setContent(mail.files().isEmpty() ? alternatives : withFiles(alternatives, mail.files()));
        letter.saveChanges();
        // After the library has set its own, so that these stand.
        for (var header : mail.headers().entrySet()) {
            letter.setHeader(header.getKey(), folded(header.getKey(), header.getValue()));
        }
    }

    private static MimeMultipart withFiles(MimeMultipart alternatives, List<MailFile> files) throws MessagingException {
        MimeMultipart mixed = new MimeMultipart("mixed");
        MimeBodyPart body = new MimeBodyPart();
        body.setContent(alternatives);
        mixed.addBodyPart(body);
        for (MailFile file : files) {
            MimeBodyPart part = new MimeBodyPart();
            part.setDataHandler(new DataHandler(new Source(file)));
            try {
                part.setFileName(MimeUtility.encodeText(file.name(), UTF_8, "B"));
            } catch (UnsupportedEncodingException e) {
                throw new IllegalStateException("every JDK has UTF-8", e);
            }
            // Else all of the file is read to choose one.
            part.setHeader("Content-Transfer-Encoding", "base64");
            part.setDisposition(Part.ATTACHMENT);
            mixed.addBodyPart(part);
        }
        return mixed;
    }

    /** A file as the library reads it. */
    private record Source(MailFile file) implements DataSource {

        @Override
        public InputStream getInputStream() throws IOException {
            return file.content().open();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            throw new IOException("files are read only");
        }

        @Override
        public String getContentType() {
            return file.type();
        }

        @Override
        public String getName() {
            return file.name();
        }
    }

    /** Between Message-IDs a line may be broken, nowhere else. */
    private static String folded(String name, String value) {
        return name.equals("References") ? value.replace(" ", "\r\n ") : value;
    }

    private static InternetAddress address(String address, String name) throws MessagingException {
        try {
            InternetAddress made = new InternetAddress(address, true);
            if (!name.isEmpty()) {
                made.setPersonal(name, UTF_8);
            }
            return made;
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every JDK has UTF-8", e);
        }
    }

    private static MimeBodyPart part(String text, String kind) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, UTF_8, kind);
        return part;
    }

    private static Handover judge(MessagingException e, boolean written) {
        int code = 0;
        boolean badAddress = false;
        for (Exception cause = e; cause != null; cause = next(cause)) {
            int known =
                    switch (cause) {
                        case SMTPAddressFailedException address -> {
                            badAddress |= BAD_ADDRESS
                                    .matcher(String.valueOf(address.getMessage()))
                                    .find();
                            yield address.getReturnCode();
                        }
                        case SMTPSenderFailedException sender -> sender.getReturnCode();
                        case SMTPSendFailedException sending -> sending.getReturnCode();
                        default -> 0;
                    };
            code = Math.max(code, known);
        }
        String reason = reason(e);
        if (code >= PERMANENT) {
            return new Handover.Refused(reason, badAddress);
        }
        return written && code < ANSWERED
                ? new Handover.Unknown("the server's answer was lost after all was sent: " + reason)
                : new Handover.Trouble(reason, null);
    }

    private static @Nullable Exception next(Exception e) {
        return e instanceof MessagingException messaging ? messaging.getNextException() : null;
    }

    /** What people see of it: what the server or the network said, not what the library calls it. */
    private static String reason(MessagingException e) {
        Exception next = e.getNextException();
        if (next == null || next.getMessage() == null) {
            return Handover.oneLine(e.getMessage());
        }
        boolean said = next instanceof MessagingException;
        return Handover.oneLine(said ? next.getMessage() : e.getMessage() + ": " + next.getMessage());
    }

    private static void closeQuietly(@Nullable Transport transport) {
        if (transport == null) {
            return;
        }
        try {
            transport.close();
        } catch (MessagingException e) {
            // The mail's fate is known by then.
        }
    }

    /** A message that knows whether all of it was written to the server. */
    private static final class Letter extends MimeMessage {

        private boolean written;

        Letter(Session session) {
            super(session);
        }

        @Override
        protected void updateMessageID() {
            // It has one that stays the same at each attempt.
        }

        @Override
        public void writeTo(OutputStream out, String[] without) throws IOException, MessagingException {
            super.writeTo(out, without);
            written = true;
        }
    }
}
