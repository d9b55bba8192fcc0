package io.opsrelay.ingestion.email.sender;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.ingestion.email.MailHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SenderCheckTest {

    private static final String FROM = "From: Mary <mary@mail.example.org>\r\n";

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "true|mx.acme.example; dmarc=pass (p=reject dis=none) header.from=mail.example.org",
                "true|mx.acme.example; spf=fail; dkim=pass header.d=example.org header.s=s1",
                "true|mx.acme.example; dkim=pass header.i=@mail.example.org",
                "true|MX.acme.example 1; spf=pass smtp.mailfrom=mail.example.org",
                "false|mx.acme.example; dmarc=fail header.from=mail.example.org",
                "false|mx.acme.example; dmarc=pass header.from=example.com",
                "false|mx.acme.example; dkim=pass header.d=evil.example",
                "false|mx.acme.example; dkim=pass header.d=sub.mail.example.org",
                "false|mx.acme.example; dkim=pass header.d=org",
                "false|mx.acme.example; spf=pass smtp.mailfrom=bounce@evil.example",
                "false|mx.acme.example (dmarc=pass header.from=mail.example.org); none",
                "false|mx.acme.example; x=\"; dmarc=pass header.from=mail.example.org\"",
                "false|mx.evil.example; dmarc=pass header.from=mail.example.org",
                "false|mx.acme.example; none",
                "false|''"
            })
    void aResultCountsIfItIsOfTheServerWeTrustAndOfTheSendersDomain(boolean verified, String header) {
        MailHeaders headers = MailHeaders.parse("Authentication-Results: " + header + "\r\n" + FROM);

        assertThat(SenderCheck.byResults(headers, "mx.acme.example")).isEqualTo(verified);
        assertThat(SenderCheck.byResults(headers, null)).isFalse();
    }

    @Test
    void whatTheSenderWroteBelowTheServersOwnResultsDoesNotCount() {
        MailHeaders headers = MailHeaders.parse("""
                Authentication-Results: mx.acme.example; dmarc=fail header.from=mail.example.org
                Authentication-Results: mx.acme.example; dmarc=pass header.from=mail.example.org
                """ + FROM);

        assertThat(SenderCheck.byResults(headers, "mx.acme.example")).isFalse();
    }

    @Test
    void severalSendersProveNothing() {
        String results = "Authentication-Results: mx; dmarc=pass header.from=mail.example.org\r\n";

        assertThat(SenderCheck.byResults(MailHeaders.parse(results + FROM + FROM), "mx"))
                .isFalse();
        assertThat(SenderCheck.byResults(
                        MailHeaders.parse(results + "From: a@mail.example.org, b@evil.example\r\n"), "mx"))
                .isFalse();
    }

    @Test
    void sendGridsFieldsAreBelievedForTheSendersDomainOnly() {
        MailHeaders headers = MailHeaders.parse(FROM);

        assertThat(SenderCheck.bySendGrid(headers, "{@example.org : pass}", "fail", null))
                .isTrue();
        assertThat(SenderCheck.bySendGrid(headers, "{@evil.example : pass, @example.org : fail}", "fail", null))
                .isFalse();
        assertThat(SenderCheck.bySendGrid(headers, "none", "pass", "bounce@mail.example.org"))
                .isTrue();
        assertThat(SenderCheck.bySendGrid(headers, "none", "pass", "bounce@evil.example"))
                .isFalse();
        assertThat(SenderCheck.bySendGrid(headers, null, null, null)).isFalse();
    }

    @Test
    void aHeaderOfTheProvidersThatTheSenderWroteTooProvesNothing() {
        String signature = "DKIM-Signature: v=1; d=example.org; b=x\r\n";
        String good = "X-Mailgun-Dkim-Check-Result: Pass\r\n";

        assertThat(SenderCheck.byMailgun(MailHeaders.parse(good + signature + FROM), null))
                .isTrue();
        assertThat(SenderCheck.byMailgun(MailHeaders.parse(good + good + signature + FROM), null))
                .isFalse();
        assertThat(SenderCheck.byMailgun(MailHeaders.parse(good + FROM), null)).isFalse();
        assertThat(SenderCheck.byMailgun(
                        MailHeaders.parse(good + signature + "DKIM-Signature: d=evil.example; b=y\r\n" + FROM), null))
                .isFalse();
    }

    @Test
    void postmarkTellsWhetherTheAuthorsDomainSigned() {
        assertThat(SenderCheck.byPostmark(MailHeaders.parse("X-Spam-Tests: DKIM_SIGNED,DKIM_VALID_AU\r\n" + FROM)))
                .isTrue();
        assertThat(SenderCheck.byPostmark(MailHeaders.parse("X-Spam-Tests: DKIM_SIGNED,DKIM_VALID\r\n" + FROM)))
                .isFalse();
        assertThat(SenderCheck.byPostmark(MailHeaders.parse(
                        "Received-SPF: Pass (x) envelope-from=bounce@mail.example.org; receiver=y\r\n" + FROM)))
                .isTrue();
        assertThat(SenderCheck.byPostmark(MailHeaders.parse(
                        "Received-SPF: Pass (x) envelope-from=bounce@evil.example; receiver=y\r\n" + FROM)))
                .isFalse();
    }
}
