package io.opsrelay.action.stripewebhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.execution.OpenOutcomes;
import io.opsrelay.action.stripe.StripeAccounts;
import io.opsrelay.action.stripe.StripeAccounts.Channel;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Takes Stripe's webhooks in. An event that is signed has the refund asked after at once; what it says of the refund is not
 * believed, so that one that comes twice, late or out of order does no harm.
 */
@Component
class StripeWebhooks {

    static final int LARGEST_BODY = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(StripeWebhooks.class);

    private final StripeAccounts accounts;
    private final OpenOutcomes outcomes;
    private final MeterRegistry meters;
    private final Clock clock;

    StripeWebhooks(StripeAccounts accounts, OpenOutcomes outcomes, MeterRegistry meters, Clock clock) {
        this.accounts = accounts;
        this.outcomes = outcomes;
        this.meters = meters;
        this.clock = clock;
    }

    /** Answers one; for faults of our own with 503, so that Stripe sends it again. */
    ServerResponse take(ServerRequest request) {
        try {
            return answer(request);
        } catch (IOException | RuntimeException e) {
            LOG.error("A webhook of Stripe could not be taken in", e);
            WebhookMetric.RECEIVED.count(meters, "fault");
            return problem(HttpStatus.SERVICE_UNAVAILABLE, "something went wrong on our side; send it again");
        }
    }

    private ServerResponse answer(ServerRequest request) throws IOException {
        byte[] body = bodyOf(request.servletRequest());
        if (body == null) {
            WebhookMetric.RECEIVED.count(meters, "too_large");
            return problem(HttpStatus.CONTENT_TOO_LARGE, "a webhook has at most " + LARGEST_BODY + " bytes");
        }
        Channel channel = accounts.channel(request.pathVariable("channel")).orElse(null);
        if (channel == null) {
            WebhookMetric.RECEIVED.count(meters, "unknown_channel");
            return problem(HttpStatus.NOT_FOUND, "there is no such webhook channel");
        }
        if (channel.secrets().isEmpty()) {
            throw new IllegalStateException("no secret of " + channel + " can be read");
        }
        String objection = WebhookSignature.objection(
                request.headers().firstHeader("Stripe-Signature"), body, channel.secrets(), clock.instant());
        if (objection != null) {
            WebhookMetric.RECEIVED.count(meters, "refused");
            return problem(HttpStatus.BAD_REQUEST, objection);
        }
        Optional<RefundNews> news;
        try {
            news = RefundNews.in(body);
        } catch (IllegalArgumentException e) {
            WebhookMetric.RECEIVED.count(meters, "no_event");
            return problem(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
        }
        String outcome = news.filter(told -> isOf(channel, told))
                .map(told -> heard(channel, told))
                .orElse("ignored");
        WebhookMetric.RECEIVED.count(meters, outcome);
        return ServerResponse.ok().body(Map.of("received", true));
    }

    /** An endpoint of a platform hears of all its connected accounts. */
    private static boolean isOf(Channel channel, RefundNews news) {
        return channel.connectedAccount() == null || channel.connectedAccount().equals(news.account());
    }

    private String heard(Channel channel, RefundNews news) {
        OpenOutcomes.Found found = outcomes.askNow(channel.clientId(), news.actionId());
        if (found == OpenOutcomes.Found.SUCCEEDED && news.failed()) {
            // Banks send money back weeks later; the action has long been told to be done.
            String text = "Stripe says that refund " + news.refundId()
                    + " has failed after all: the customer has no money and must be paid another way";
            if (!outcomes.noteFailedLate(channel.clientId(), news.actionId(), text)) {
                return "not_open"; // told before
            }
            WebhookMetric.FAILED_LATE.count(meters, "failed");
            LOG.warn(
                    "Stripe says that refund {} has failed, which counts as done (action {} of {}): the customer has no"
                            + " money and must be paid another way",
                    news.refundId(),
                    news.actionId(),
                    channel.clientId());
            return "failed_late";
        }
        return found == OpenOutcomes.Found.OPEN ? "asked" : "not_open";
    }

    private static byte @Nullable [] bodyOf(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > LARGEST_BODY) {
            return null;
        }
        byte[] body = request.getInputStream().readNBytes(LARGEST_BODY + 1);
        return body.length > LARGEST_BODY ? null : body;
    }

    private static ServerResponse problem(HttpStatus status, String detail) {
        ServerResponse.BodyBuilder answer =
                ServerResponse.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            answer.header(HttpHeaders.RETRY_AFTER, "5");
        }
        return answer.body(ProblemDetail.forStatusAndDetail(status, detail));
    }
}
