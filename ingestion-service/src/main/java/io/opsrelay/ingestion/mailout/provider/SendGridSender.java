package io.opsrelay.ingestion.mailout.provider;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Hands mails to SendGrid's v3 API. */
public final class SendGridSender implements MailSender {

    private final Post post;
    private final URI address;
    private final String apiKey;

    /** @param base e.g. {@code https://api.sendgrid.com} */
    public SendGridSender(Post post, URI base, String apiKey) {
        this.post = post;
        this.address = base.resolve("/v3/mail/send");
        this.apiKey = apiKey;
    }

    @Override
    public Handover send(OutgoingMail mail) {
        String mark = UUID.randomUUID() + "-";
        return post.send(
                address,
                Map.of("Authorization", "Bearer " + apiKey, "Content-Type", "application/json"),
                Pieces.json(Post.JSON.writeValueAsString(body(mail, mark)), mark, mail.files()),
                answer -> answer.head().header("x-message-id"),
                answer -> new Handover.Refused(Post.reason(answer, said(answer.body())), false));
    }

    private static Map<String, Object> body(OutgoingMail mail, String mark) {
        Map<String, Object> off = Map.of("enable", false);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("personalizations", List.of(Map.of("to", List.of(person(mail.to(), "")))));
        body.put("from", person(mail.from(), mail.fromName()));
        body.put("reply_to", person(mail.replyTo(), mail.fromName()));
        // An empty one is refused.
        body.put("subject", mail.subject().isEmpty() ? "Re:" : mail.subject());
        body.put("content", List.of(content("text/plain", mail.text()), content("text/html", mail.html())));
        body.put("headers", mail.headers());
        // Comes back with each of its events.
        body.put("custom_args", Map.of("opsrelay_message", mail.mark().toString()));
        body.put("tracking_settings", Map.of("click_tracking", off, "open_tracking", off));
        List<Map<String, String>> files = new ArrayList<>();
        for (MailFile file : mail.files()) {
            files.add(Map.of(
                    "filename",
                    file.name(),
                    "type",
                    file.type(),
                    "disposition",
                    "attachment",
                    "content",
                    mark + files.size()));
        }
        // An empty list is refused.
        if (!files.isEmpty()) {
            body.put("attachments", files);
        }
        return body;
    }

    private static Map<String, Object> person(String address, String name) {
        return name.isEmpty() ? Map.of("email", address) : Map.of("email", address, "name", name);
    }

    private static Map<String, Object> content(String type, String value) {
        return Map.of("type", type, "value", value);
    }

    private static String said(JsonNode body) {
        return body.path("errors")
                .valueStream()
                .map(error -> {
                    String field = error.path("field").asString("");
                    return (field.isEmpty() ? "" : field + ": ")
                            + error.path("message").asString("");
                })
                .collect(Collectors.joining("; "));
    }
}
