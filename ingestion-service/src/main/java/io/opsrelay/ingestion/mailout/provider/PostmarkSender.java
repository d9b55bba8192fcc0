package io.opsrelay.ingestion.mailout.provider;

import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Hands mails to Postmark's e-mail API. */
public final class PostmarkSender implements MailSender {

    /** The recipient bounced or complained before, and Postmark sends him nothing. */
    private static final int INACTIVE_RECIPIENT = 406;

    private final Post post;
    private final URI address;
    private final String serverToken;
    private final String stream;

    /**
     * @param base e.g. {@code https://api.postmarkapp.com}
     * @param stream the message stream, e.g. {@code outbound}
     */
    public PostmarkSender(Post post, URI base, String serverToken, String stream) {
        this.post = post;
        this.address = base.resolve("/email");
        this.serverToken = serverToken;
        this.stream = stream;
    }

    @Override
    public Handover send(OutgoingMail mail) {
        String mark = UUID.randomUUID() + "-";
        return post.send(
                address,
                Map.of(
                        "X-Postmark-Server-Token",
                        serverToken,
                        "Accept",
                        "application/json",
                        "Content-Type",
                        "application/json"),
                Pieces.json(Post.JSON.writeValueAsString(body(mail, mark)), mark, mail.files()),
                answer -> answer.body().path("MessageID").stringValue(null),
                answer -> new Handover.Refused(
                        Post.reason(answer, answer.body().path("Message").asString("")),
                        answer.body().path("ErrorCode").asInt(0) == INACTIVE_RECIPIENT));
    }

    private Map<String, Object> body(OutgoingMail mail, String mark) {
        List<Map<String, String>> headers = new ArrayList<>();
        mail.headers().forEach((name, value) -> headers.add(Map.of("Name", name, "Value", value)));
        // Else Postmark puts a Message-ID of its own in the place of ours.
        headers.add(Map.of("Name", "X-PM-KeepID", "Value", "true"));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("From", person(mail.from(), mail.fromName()));
        body.put("To", mail.to());
        body.put("ReplyTo", mail.replyTo());
        body.put("Subject", mail.subject());
        body.put("TextBody", mail.text());
        body.put("HtmlBody", mail.html());
        body.put("Headers", headers);
        // Comes back with each of its events.
        body.put("Metadata", Map.of("opsrelay_message", mail.mark().toString()));
        body.put("MessageStream", stream);
        body.put("TrackOpens", false);
        body.put("TrackLinks", "None");
        List<Map<String, String>> files = new ArrayList<>();
        for (MailFile file : mail.files()) {
            files.add(Map.of("Name", file.name(), "ContentType", file.type(), "Content", mark + files.size()));
        }
        if (!files.isEmpty()) {
            body.put("Attachments", files);
        }
        return body;
    }

    private static String person(String address, String name) {
        if (name.isEmpty()) {
            return address;
        }
        try {
            return new InternetAddress(address, name, StandardCharsets.UTF_8.name()).toString();
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("every JDK has UTF-8", e);
        }
    }
}
