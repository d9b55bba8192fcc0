package io.opsrelay.ingestion.mailout.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.opsrelay.security.outbound.GuardedHttp;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SendGridSenderTest extends MailSenderContract {

    private final GuardedHttp http = new GuardedHttp();
    private final FakeProvider server = new FakeProvider() {
        @Override
        Answer judge(HttpExchange exchange, String body) {
            if (!exchange.getRequestURI().getPath().equals("/v3/mail/send")
                    || !exchange.getRequestMethod().equals("POST")
                    || !has(exchange, "Content-Type", "application/json")) {
                return new Answer(404, "");
            }
            return has(exchange, "Authorization", "Bearer SG.s3cret")
                    ? new Answer(202, "", "X-Message-Id", "14c5d75ce93.dfd.64b469")
                    : new Answer(401, """
                            {"errors":[{"message":"The provided authorization grant is invalid, expired, or revoked",\
                            "field":null,"help":null}]}""");
        }
    };

    @AfterEach
    void stop() throws IOException {
        server.close();
        http.close();
    }

    private MailSender sender(URI uri, String key, boolean allowPrivate) {
        return new SendGridSender(new Post(http, Duration.ofSeconds(5), allowPrivate, Clock.systemUTC()), uri, key);
    }

    @Override
    MailSender sender() {
        return sender(server.uri(), "SG.s3cret", true);
    }

    @Override
    MailSender withWrongSecret() {
        return sender(server.uri(), "SG.wr0ng", true);
    }

    @Override
    MailSender toNobody() {
        return sender(URI.create("http://127.0.0.1:1"), "SG.s3cret", true);
    }

    @Override
    void refuseNextRecipient() {
        server.answerNext(new FakeProvider.Answer(400, """
                {"errors":[{"message":"Does not contain a valid address.",\
                "field":"personalizations.0.to.0.email","help":"http://sendgrid.com/docs"}]}"""));
    }

    @Override
    void busyNext() {
        server.answerNext(new FakeProvider.Answer(
                429, "{\"errors\":[{\"field\":null,\"message\":\"too many requests\"}]}", "Retry-After", "17"));
    }

    @Override
    void loseNextAnswer() {
        server.loseNextAnswer();
    }

    @Override
    List<Arrived> arrived() {
        return server.bodies().stream()
                .map(body -> {
                    JsonNode mail = Post.JSON.readTree(body);
                    JsonNode headers = mail.path("headers");
                    assertThat(mail.at("/custom_args/opsrelay_message").asString())
                            .isEqualTo(MARK.toString());
                    assertThat(mail.at("/tracking_settings/click_tracking/enable")
                                    .asBoolean(true))
                            .isFalse();
                    return new Arrived(
                            mail.at("/from/email").asString(),
                            mail.at("/from/name").asString(""),
                            mail.at("/personalizations/0/to/0/email").asString(),
                            mail.at("/reply_to/email").asString(),
                            mail.path("subject").asString(),
                            mail.at("/content/0/value").asString(),
                            mail.at("/content/1/value").asString(),
                            headers.path("Message-ID").asString(),
                            headers.path("In-Reply-To").asString(),
                            List.of(headers.path("References").asString().split(" ")),
                            headers.path("Auto-Submitted").asString(),
                            headers.path(OutgoingMail.MARK).asString(),
                            files(mail));
                })
                .toList();
    }

    private static Map<String, String> files(JsonNode mail) {
        Map<String, String> files = new LinkedHashMap<>();
        mail.path("attachments").forEach(file -> {
            assertThat(file.path("disposition").asString()).isEqualTo("attachment");
            files.put(
                    file.path("filename").asString(),
                    digestOfBase64(file.path("content").asString()));
        });
        return files;
    }

    @Test
    void itsIdAndItsReasonsAreKept() {
        assertThat(sender().send(mail("Re: Lamp", ""))).isEqualTo(new Handover.Taken("14c5d75ce93.dfd.64b469"));
        refuseNextRecipient();
        assertThat(sender().send(mail("Re: Lamp", "")))
                .isEqualTo(new Handover.Refused(
                        "answered 400: personalizations.0.to.0.email: Does not contain a valid address.", false));
        busyNext();
        assertThat(sender().send(mail("Re: Lamp", "")))
                .isEqualTo(new Handover.Trouble("answered 429: too many requests", Duration.ofSeconds(17)));
        server.answerNext(new FakeProvider.Answer(500, "<html>oops</html>"));
        assertThat(sender().send(mail("Re: Lamp", ""))).isInstanceOf(Handover.Trouble.class);
    }

    @Test
    void itIsNotReachedInOurOwnNetworkUnlessThatIsAllowed() {
        assertThat(sender(server.uri(), "SG.s3cret", false).send(mail("Re: Lamp", "")))
                .isInstanceOf(Handover.Trouble.class);
        assertThat(server.bodies()).isEmpty();
    }
}
