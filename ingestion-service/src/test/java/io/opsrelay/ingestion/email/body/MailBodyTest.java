package io.opsrelay.ingestion.email.body;

import static io.opsrelay.ingestion.MailRig.mail;
import static io.opsrelay.ingestion.MailRig.ticketOf;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.MailRig;
import io.opsrelay.ingestion.MailRig.Inbox;
import io.opsrelay.ingestion.MailTest;
import io.opsrelay.ingestion.mime.html.Attacks;
import io.opsrelay.security.Role;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A mail as its sender made it, from the door to the dashboard's frame. */
@MailTest
class MailBodyTest {

    private static final String PIXEL =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    private static final String TO = "support@acme.example";

    @Autowired
    MailRig rig;

    @Autowired
    Api api;

    @Test
    void noAttackComesThroughTheWholePath() {
        for (String attack : Attacks.all()) {
            String ticket = ticketOf(postFrom(customer(), "<p>Hello</p>" + attack));
            JsonNode message = rig.ticket("acme", ticket).get("messages").get(0);
            assertThat(message.get("has_html").asBoolean()).as(attack).isTrue();

            Document page = Jsoup.parse(html(ticket, message, "").text());

            assertThat(page.head().select("script,link,base,iframe")).isEmpty();
            for (Element element : page.body().getAllElements()) {
                assertThat(Set.of(
                                "script",
                                "style",
                                "iframe",
                                "object",
                                "embed",
                                "form",
                                "input",
                                "button",
                                "svg",
                                "math",
                                "link",
                                "meta",
                                "base",
                                "template",
                                "noscript",
                                "video",
                                "audio",
                                "source"))
                        .as(attack)
                        .doesNotContain(element.normalName());
                for (Attribute attribute : element.attributes()) {
                    assertThat(attribute.getKey()).as(attack).doesNotStartWith("on");
                }
            }
            assertThat(page.select("[src]").eachAttr("src")).as(attack).allMatch(src -> src.startsWith("data:image/"));
            assertThat(page.select("a[href]").eachAttr("href"))
                    .as(attack)
                    .allMatch(href -> href.matches("(?s)(?i)(?:https?://|mailto:|tel:).*"));
        }
    }

    @Test
    void anImageOfAnotherServerLoadsOnlyForWhoAsksForIt() {
        String ticket = ticketOf(postFrom(
                customer(),
                "<p>Hi<img src=\"https://t.example/p.gif?id=1\" width=1><img src=\"http://t.example/q.gif\"></p>"));
        JsonNode message = rig.ticket("acme", ticket).get("messages").get(0);

        Api.Answer without = html(ticket, message, "");
        Api.Answer with = html(ticket, message, "?remote_images=true");

        assertThat(without.contentType()).startsWith("text/html");
        assertThat(without.headers().get("Content-Security-Policy"))
                .isEqualTo("sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'");
        assertThat(without.headers().get("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(images(without)).hasSize(2).allMatch(src -> src.startsWith("data:image/gif;"));
        assertThat(Jsoup.parse(without.text()).select("img").eachAttr("data-remote-src"))
                .containsExactly("https://t.example/p.gif?id=1", "http://t.example/q.gif");
        assertThat(with.headers().get("Content-Security-Policy")).contains("img-src 'self' data: https:;");
        assertThat(images(with).getFirst()).isEqualTo("https://t.example/p.gif?id=1");
        assertThat(images(with).getLast()).startsWith("data:image/gif;");
    }

    @Test
    void anImageThatTheMailBroughtIsAFileOfTheTicketAndNoOtherIsShown() {
        Inbox inbox = rig.inbox(
                "acme",
                "email-postmark",
                "hooks@acme.example",
                Map.of("username", "postmark"),
                Map.of("password", "s3cr3t-s3cr3t"));
        Map<String, Object> posted = new HashMap<>(Map.of(
                "From",
                customer(),
                "To",
                "hooks@acme.example",
                "Subject",
                "Picture",
                "TextBody",
                "See.",
                "HtmlBody",
                "<p>See <img src=\"cid:photo@x\"><img alt=gone src=\"cid:note@x\"><img src=\"cid:none\"></p>",
                "Attachments",
                List.of(
                        Map.of(
                                "Name",
                                "photo.png",
                                "Content",
                                PIXEL,
                                "ContentType",
                                "image/png",
                                "ContentID",
                                "photo@x"),
                        Map.of(
                                "Name", "note.png",
                                "Content", Base64.getEncoder().encodeToString("<svg onload=alert(1)>".getBytes(UTF_8)),
                                "ContentType", "image/png",
                                "ContentID", "note@x"))));
        posted.put("Headers", List.of(Map.of("Name", "Message-ID", "Value", "<" + UUID.randomUUID() + "@x>")));
        String ticket = ticketOf(rig.post(
                "/webhooks/email/postmark/" + inbox.channelId(),
                JsonMapper.shared().writeValueAsBytes(posted),
                "application/json",
                Map.of(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("postmark:s3cr3t-s3cr3t".getBytes(UTF_8)))));
        JsonNode message = rig.ticket("acme", ticket).get("messages").get(0);

        Api.Answer shown = html(ticket, message, "");

        assertThat(images(shown)).singleElement().asString().startsWith("/api/v1/tickets/" + ticket + "/attachments/");
        assertThat(Jsoup.parse(shown.text()).select("img[alt=gone]")).hasSize(1);
        api.as("acme", Role.VIEWER).get(images(shown).getFirst()).has(200);
    }

    @Test
    void theOriginalIsHandedOutWholeToThoseWhoWorkOnItAndThatIsAudited() {
        String ticket = ticketOf(postFrom(customer(), "<p>Hi</p>"));
        String message = rig.ticket("acme", ticket)
                .get("messages")
                .get(0)
                .get("message_id")
                .asString();
        String path = "/api/v1/tickets/" + ticket + "/messages/" + message + "/original";

        api.as("acme", Role.VIEWER).get(path).has(403);
        api.as("globex", Role.ADMIN).get(path).has(404);
        Api.Answer original = api.as("acme", Role.AGENT).get(path).has(200);

        assertThat(original.contentType()).startsWith("message/rfc822");
        assertThat(original.headers().get("Content-Disposition")).startsWith("attachment");
        assertThat(original.text()).contains("Subject: Lamp").endsWith("--\r\n");
        assertThat(rig
                        .admin()
                        .sql(
                                "select count(*) from audit_waiting where entry like '%mail.original_read%' and entry like ?"
                                        + " union all select count(*) from audit_entry where action = 'mail.original_read'"
                                        + " and subject_id = ?")
                        .params("%" + message + "%", message)
                        .query(Integer.class)
                        .list()
                        .stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void aMailWithoutHtmlHasNone() {
        String ticket = ticketOf(rig.post(rig.generic("acme"), mail(customer(), TO, "Lamp", "Broken.")));
        JsonNode message = rig.ticket("acme", ticket).get("messages").get(0);

        assertThat(message.get("has_html").asBoolean()).isFalse();
        html(ticket, message, "").has(404);
    }

    private Api.Answer postFrom(String customer, String html) {
        Map<String, Object> mail = mail(customer, TO, "Lamp", "The text of " + UUID.randomUUID());
        mail.put("html", html);
        return rig.post(rig.generic("acme"), mail);
    }

    private Api.Answer html(String ticket, JsonNode message, String query) {
        return api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + ticket + "/messages/"
                        + message.get("message_id").asString() + "/html" + query);
    }

    private static List<String> images(Api.Answer page) {
        return Jsoup.parse(page.has(200).text()).select("img[src]").eachAttr("src");
    }

    private static String customer() {
        return "customer-" + UUID.randomUUID() + "@example.org";
    }
}
