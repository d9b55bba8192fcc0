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
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailgunSenderTest extends MailSenderContract {

    private final GuardedHttp http = new GuardedHttp();
    private final FakeProvider server = new FakeProvider() {
        @Override
        Answer judge(HttpExchange exchange, String body) {
            if (!has(
                    exchange,
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString("api:key-s3cret".getBytes()))) {
                return new Answer(401, "Forbidden");
            }
            return exchange.getRequestURI().getPath().equals("/v3/mg.acme.example/messages")
                            && (has(exchange, "Content-Type", "application/x-www-form-urlencoded")
                                    || exchange.getRequestHeaders()
                                            .getFirst("Content-Type")
                                            .startsWith("multipart/form-data; boundary="))
                    ? new Answer(200, "{\"id\":\"<20261126.1@mg.acme.example>\",\"message\":\"Queued. Thank you.\"}")
                    : new Answer(404, "{\"message\":\"Domain not found: mg.other.example\"}");
        }
    };

    @AfterEach
    void stop() throws IOException {
        server.close();
        http.close();
    }

    private MailSender sender(URI uri, String key) {
        return new MailgunSender(
                new Post(http, Duration.ofSeconds(5), true, Clock.systemUTC()), uri, "mg.acme.example", key);
    }

    @Override
    MailSender sender() {
        return sender(server.uri(), "key-s3cret");
    }

    @Override
    MailSender withWrongSecret() {
        return sender(server.uri(), "key-wr0ng");
    }

    @Override
    MailSender toNobody() {
        return sender(URI.create("http://127.0.0.1:1"), "key-s3cret");
    }

    @Override
    void refuseNextRecipient() {
        server.answerNext(new FakeProvider.Answer(
                400, "{\"message\":\"to parameter is not a valid address. please check documentation\"}"));
    }

    @Override
    void busyNext() {
        server.answerNext(new FakeProvider.Answer(429, "{\"message\":\"Too many requests\"}", "Retry-After", "30"));
    }

    @Override
    void loseNextAnswer() {
        server.loseNextAnswer();
    }

    @Override
    List<Arrived> arrived() {
        return server.bodies().stream()
                .map(body -> {
                    Map<String, String> form = FakeProvider.form(body);
                    assertThat(form).containsEntry("v:opsrelay_message", MARK.toString());
                    assertThat(form).containsEntry("o:tracking", "no");
                    return new Arrived(
                            address(form.get("from")).getAddress(),
                            String.valueOf(address(form.get("from")).getPersonal()),
                            form.get("to"),
                            address(form.get("h:Reply-To")).getAddress(),
                            form.get("subject"),
                            form.get("text"),
                            form.get("html"),
                            form.get("h:Message-ID"),
                            form.get("h:In-Reply-To"),
                            List.of(form.get("h:References").split(" ")),
                            form.get("h:Auto-Submitted"),
                            form.get("h:" + OutgoingMail.MARK),
                            files(form));
                })
                .toList();
    }

    private static Map<String, String> files(Map<String, String> form) {
        Map<String, String> files = new LinkedHashMap<>();
        form.forEach((name, digest) -> {
            if (name.startsWith("attachment:")) {
                files.put(name.substring("attachment:".length()), digest);
            }
        });
        return files;
    }

    private static InternetAddress address(String text) {
        try {
            return new InternetAddress(text, true);
        } catch (AddressException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itsIdAndItsReasonsAreKept() {
        assertThat(sender().send(mail("Re: Lamp", ""))).isEqualTo(new Handover.Taken("<20261126.1@mg.acme.example>"));
        refuseNextRecipient();
        assertThat(sender().send(mail("Re: Lamp", "")))
                .isEqualTo(new Handover.Refused(
                        "answered 400: to parameter is not a valid address. please check documentation", false));
    }
}
