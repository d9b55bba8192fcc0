package io.opsrelay.ingestion.mailout.provider;

import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Hands mails to Mailgun's messages API. */
public final class MailgunSender implements MailSender {

    private final Post post;
    private final URI address;
    private final String authorization;

    /**
     * @param base e.g. {@code https://api.mailgun.net}
     * @param domain the sending domain
     */
    public MailgunSender(Post post, URI base, String domain, String apiKey) {
        this.post = post;
        this.address = base.resolve("/v3/" + URLEncoder.encode(domain, StandardCharsets.UTF_8) + "/messages");
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(("api:" + apiKey).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Handover send(OutgoingMail mail) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("from", person(mail.from(), mail.fromName()));
        form.put("to", mail.to());
        form.put("subject", mail.subject());
        form.put("text", mail.text());
        form.put("html", mail.html());
        form.put("h:Reply-To", person(mail.replyTo(), mail.fromName()));
        mail.headers().forEach((name, value) -> form.put("h:" + name, value));
        // Comes back with each of its events.
        form.put("v:opsrelay_message", mail.mark().toString());
        form.put("o:tracking", "no");
        String boundary = "=_" + UUID.randomUUID();
        boolean plain = mail.files().isEmpty();
        return post.send(
                address,
                Map.of(
                        "Authorization",
                        authorization,
                        "Content-Type",
                        plain
                                ? "application/x-www-form-urlencoded"
                                : "multipart/form-data; boundary=\"" + boundary + "\""),
                plain ? new Pieces().text(encoded(form)) : parts(form, mail.files(), boundary),
                answer -> answer.body().path("id").stringValue(null),
                answer -> new Handover.Refused(
                        Post.reason(answer, answer.body().path("message").asString("")), false));
    }

    private static Pieces parts(Map<String, String> form, List<MailFile> files, String boundary) {
        Pieces body = new Pieces();
        String begin = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"";
        form.forEach((name, value) -> body.text(begin + name + "\"\r\n\r\n" + value + "\r\n"));
        for (MailFile file : files) {
            body.text(begin + "attachment\"; filename=\"" + quoted(file.name()) + "\"\r\nContent-Type: " + file.type()
                            + "\r\n\r\n")
                    .raw(file)
                    .text("\r\n");
        }
        return body.text("--" + boundary + "--\r\n");
    }

    /** As browsers write names into forms. */
    private static String quoted(String name) {
        return name.replace("\"", "%22").replaceAll("[\\p{Cntrl}]+", " ");
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
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
