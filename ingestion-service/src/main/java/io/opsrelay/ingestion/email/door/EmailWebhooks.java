package io.opsrelay.ingestion.email.door;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.email.InboundMail;
import io.opsrelay.ingestion.email.MailIntake;
import io.opsrelay.ingestion.email.MailMetric;
import io.opsrelay.ingestion.email.Spool;
import io.opsrelay.ingestion.email.Taken;
import io.opsrelay.security.SelfAuthenticated;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where mail providers post to. What is wrong on our side is answered 5xx, so that they try again; what was taken is
 * answered 200, whatever is done with it.
 */
@RestController
@RequestMapping("/webhooks/email")
class EmailWebhooks {

    /** Most channels whose secrets are tried for a request without a channel's id. */
    private static final int MOST_TRIED = 20;

    /** Until there may be room again. */
    private static final String PAUSE_SECONDS = "10";

    private final Channels channels;
    private final MailIntake intake;
    private final MeterRegistry meters;
    private final Unproven unproven;
    private final GenericDoor generic;
    private final SendGridDoor sendGrid;
    private final MailgunDoor mailgun;
    private final PostmarkDoor postmark;

    EmailWebhooks(
            Channels channels,
            MailIntake intake,
            MeterRegistry meters,
            Unproven unproven,
            GenericDoor generic,
            SendGridDoor sendGrid,
            MailgunDoor mailgun,
            PostmarkDoor postmark) {
        this.channels = channels;
        this.intake = intake;
        this.meters = meters;
        this.unproven = unproven;
        this.generic = generic;
        this.sendGrid = sendGrid;
        this.mailgun = mailgun;
        this.postmark = postmark;
    }

    @PostMapping({"/inbound", "/inbound/{channelId}"})
    @SelfAuthenticated("Standard Webhooks: HMAC over id, timestamp and body")
    ResponseEntity<Object> generic(
            HttpServletRequest request, @PathVariable(required = false) @Nullable String channelId) throws IOException {
        return receive(generic, request, channelId);
    }

    @PostMapping({"/sendgrid", "/sendgrid/{channelId}"})
    @SelfAuthenticated("ECDSA over timestamp and body")
    ResponseEntity<Object> sendGrid(
            HttpServletRequest request, @PathVariable(required = false) @Nullable String channelId) throws IOException {
        return receive(sendGrid, request, channelId);
    }

    @PostMapping({"/mailgun", "/mailgun/{channelId}"})
    @SelfAuthenticated("HMAC over timestamp and a token that is good once")
    ResponseEntity<Object> mailgun(
            HttpServletRequest request, @PathVariable(required = false) @Nullable String channelId) throws IOException {
        return receive(mailgun, request, channelId);
    }

    @PostMapping({"/postmark", "/postmark/{channelId}"})
    @SelfAuthenticated("Basic authentication")
    ResponseEntity<Object> postmark(
            HttpServletRequest request, @PathVariable(required = false) @Nullable String channelId) throws IOException {
        return receive(postmark, request, channelId);
    }

    private ResponseEntity<Object> receive(Door door, HttpServletRequest request, @Nullable String channelId)
            throws IOException {
        if (isHopeless(door, request, channelId)) {
            return refused(door);
        }
        boolean proven = channelId != null && door.isProvenByHeaders();
        try (Unproven.Share share = unproven.share();
                Spool body = Spool.of(proven ? request.getInputStream() : share.counted(request.getInputStream()))) {
            Posted posted = new Posted(request::getHeader, body);
            List<Channel> verified = new ArrayList<>();
            for (Channel candidate : candidates(door, posted, channelId)) {
                if (door.verifies(posted, candidate)) {
                    verified.add(candidate);
                }
            }
            if (verified.isEmpty()) {
                return refused(door);
            }
            share.close();
            ResponseEntity<Object> answer = refused();
            for (Channel channel : verified.reversed()) {
                answer = take(door, posted, channel);
            }
            return answer;
        } catch (Unproven.NoRoomException e) {
            MailMetric.REFUSED.count(meters, door.kind(), "no_room");
            return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .header(HttpHeaders.RETRY_AFTER, PAUSE_SECONDS)
                    .body(ProblemDetail.forStatusAndDetail(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "too many mails are being posted at this moment; nothing was taken, try again"));
        }
    }

    /** Whether the headers alone tell that nothing will come of it, so that its body is not even read. */
    private boolean isHopeless(Door door, HttpServletRequest request, @Nullable String channelId) throws IOException {
        try (Spool nothing = new Spool()) {
            Posted headers = new Posted(request::getHeader, nothing);
            if (!door.mayVerify(headers)) {
                return true;
            }
            if (channelId == null || !door.isProvenByHeaders()) {
                return false;
            }
            for (Channel candidate : candidates(door, headers, channelId)) {
                if (door.verifies(headers, candidate)) {
                    return false;
                }
            }
            return true;
        }
    }

    private ResponseEntity<Object> refused(Door door) {
        MailMetric.REFUSED.count(meters, door.kind(), "refused");
        return refused();
    }

    private List<Channel> candidates(Door door, Posted posted, @Nullable String channelId) throws IOException {
        if (channelId != null) {
            return channels.byId(channelId)
                    .filter(channel -> channel.kind().equals(door.kind()))
                    .map(List::of)
                    .orElse(List.of());
        }
        try {
            return channels.byAddress(door.kind(), door.recipients(posted)).stream()
                    .limit(MOST_TRIED)
                    .toList();
        } catch (MalformedException e) {
            return List.of();
        }
    }

    private ResponseEntity<Object> take(Door door, Posted posted, Channel channel) throws IOException {
        PostedMail mail;
        try {
            mail = door.mail(posted, channel);
        } catch (MalformedException e) {
            if (door.tellsMistakes()) {
                throw ProblemException.unprocessable(e.reasons());
            }
            // The provider would only send the same again: a person sees it.
            try (InputStream in = posted.body().open();
                    Spool raw = unreadable(in)) {
                return answer(intake.take(new InboundMail(channel, raw, List.of(), false, null)));
            }
        }
        try (Spool raw = mail.raw()) {
            return answer(
                    intake.take(new InboundMail(channel, raw, mail.recipients(), mail.senderVerified(), mail.token())));
        }
    }

    /** What a provider posted, so that it can never be read as a mail of somebody. */
    private static Spool unreadable(InputStream in) throws IOException {
        Spool spool = new Spool();
        try {
            spool.write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            in.transferTo(spool);
            return spool;
        } catch (IOException e) {
            spool.close();
            throw e;
        }
    }

    private static ResponseEntity<Object> answer(Taken taken) {
        return ResponseEntity.ok(
                switch (taken) {
                    case Taken.Received received -> new Receipt("received", received.ticketId(), null);
                    case Taken.Filed filed -> new Receipt("filed", filed.ticketId(), filed.filedId());
                });
    }

    /** Says nothing about what was wrong, nor whether there is such a channel. */
    private static ResponseEntity<Object> refused() {
        return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(ProblemDetail.forStatusAndDetail(HttpStatus.UNAUTHORIZED, "the request was not accepted"));
    }

    /**
     * What the sender is told.
     *
     * @param status received, or filed where nobody works on it
     */
    record Receipt(
            String status,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            UUID ticketId,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            UUID filedId) {}
}
