package io.opsrelay.ingestion.mailout.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.opsrelay.security.outbound.GuardedHttp;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PostmarkSenderTest extends MailSenderContract {

    private final GuardedHttp http = new GuardedHttp();
    private final FakeProvider server = new FakeProvider() {
        @Override
        Answer judge(HttpExchange exchange, String body) {
            if (!has(exchange, "X-Postmark-Server-Token", "s3cret")) {
                return new Answer(
                        401, "{\"ErrorCode\":10,\"Message\":\"Request does not contain a valid Server token.\"}");
            }
            return exchange.getRequestURI().getPath().equals("/email")
                            && has(exchange, "Content-Type", "application/json")
                            && has(exchange, "Accept", "application/json")
                    ? new Answer(200, """
                            {"To":"mary.major@example.org","SubmittedAt":"2026-11-26T12:00:00Z",\
                            "MessageID":"0a129aee-e1cd-480d-b08d-4f48548ff48d","ErrorCode":0,"Message":"OK"}""")
                    : new Answer(404, "");
        }
    };

    @AfterEach
    void stop() throws IOException {
        server.close();
        http.close();
    }

    private MailSender sender(URI uri, String token) {
        return new PostmarkSender(
                new Post(http, Duration.ofSeconds(5), true, Clock.systemUTC()), uri, token, "outbound");
    }

    @Override
    MailSender sender() {
        return sender(server.uri(), "s3cret");
    }

    @Override
    MailSender withWrongSecret() {
        return sender(server.uri(), "wr0ng");
    }

    @Override
    MailSender toNobody() {
        return sender(URI.create("http://127.0.0.1:1"), "s3cret");
    }

    @Override
    void refuseNextRecipient() {
        server.answerNext(new FakeProvider.Answer(422, """
                {"ErrorCode":406,"Message":"You tried to send to recipient(s) that have been marked as inactive."}"""));
    }

    @Override
    void busyNext() {
        server.answerNext(new FakeProvider.Answer(429, "{\"ErrorCode\":429,\"Message\":\"Rate limit exceeded\"}"));
    }

    @Override
    void loseNextAnswer() {
        server.loseNextAnswer();
    }

    @Override
    List<Arrived> arrived() {
        return server.bodies().stream().map(PostmarkSenderTest::read).toList();
    }

    private static Arrived read(String body) {
        JsonNode mail = Post.JSON.readTree(body);
        Map<String, String> headers = new HashMap<>();
        mail.path("Headers")
                .forEach(header -> headers.put(
                        header.path("Name").asString(), header.path("Value").asString()));
        assertThat(headers).containsEntry("X-PM-KeepID", "true");
        assertThat(mail.at("/Metadata/opsrelay_message").asString()).isEqualTo(MARK.toString());
        try {
            InternetAddress from = new InternetAddress(mail.path("From").asString(), true);
            return new Arrived(
                    from.getAddress(),
                    String.valueOf(from.getPersonal()),
                    mail.path("To").asString(),
                    mail.path("ReplyTo").asString(),
                    mail.path("Subject").asString(),
                    mail.path("TextBody").asString(),
                    mail.path("HtmlBody").asString(),
                    headers.get("Message-ID"),
                    headers.get("In-Reply-To"),
                    List.of(headers.get("References").split(" ")),
                    headers.get("Auto-Submitted"),
                    headers.get(OutgoingMail.MARK),
                    files(mail));
        } catch (AddressException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> files(JsonNode mail) {
        Map<String, String> files = new LinkedHashMap<>();
        mail.path("Attachments")
                .forEach(file -> files.put(
                        file.path("Name").asString(),
                        digestOfBase64(file.path("Content").asString())));
        return files;
    }

    @Test
    void anAddressThatItGaveUpIsKnownAsBad() {
        refuseNextRecipient();
        assertThat(sender().send(mail("Re: Lamp", "")))
                .isInstanceOfSatisfying(Handover.Refused.class, refused -> assertThat(refused.badAddress())
                        .isTrue());
        assertThat(sender().send(mail("Re: Lamp", "")))
                .isEqualTo(new Handover.Taken("0a129aee-e1cd-480d-b08d-4f48548ff48d"));
    }
}
