package io.opsrelay.ingestion.channel;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.ingestion.channel.ChannelAdmin.Shown;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A client's channels over HTTP. */
@RestController
@RequestMapping("/api/v1/channels")
@RequiresRole(Role.ADMIN)
class ChannelController {

    private final ChannelAdmin channels;

    ChannelController(ChannelAdmin channels) {
        this.channels = channels;
    }

    /** All of them: a client has some dozens at most. */
    @GetMapping
    Page<ChannelResource> list(Caller caller) {
        return new Page<>(
                channels.all(caller.clientId()).stream()
                        .map(ChannelResource::of)
                        .toList(),
                null);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ChannelResource> create(Caller caller, @RequestBody ChannelBody channel) {
        Shown created = channels.create(caller.clientId(), caller.asActor(), channel, false);
        return answer(HttpStatus.CREATED, created)
                .location(
                        URI.create("/api/v1/channels/" + created.row().channel().channelId()))
                .body(ChannelResource.of(created));
    }

    @GetMapping("/{id}")
    ResponseEntity<ChannelResource> one(Caller caller, @PathVariable String id) {
        return ok(channels.one(caller.clientId(), id));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ChannelResource> put(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody ChannelBody channel) {
        return ok(channels.change(caller.clientId(), caller.asActor(), id, EntityTags.of(ifMatch), channel));
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        channels.delete(caller.clientId(), caller.asActor(), id, EntityTags.of(ifMatch));
    }

    /** The secret until now stays good for a day. */
    @PostMapping(path = "/{id}/secrets/{secret}/rotate", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ChannelResource> rotateSecret(
            Caller caller,
            @PathVariable String id,
            @PathVariable String secret,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody NewSecret newSecret) {
        return ok(channels.rotate(
                caller.clientId(), caller.asActor(), id, EntityTags.of(ifMatch), secret, newSecret.value()));
    }

    private static ResponseEntity<ChannelResource> ok(Shown shown) {
        return answer(HttpStatus.OK, shown).body(ChannelResource.of(shown));
    }

    private static ResponseEntity.BodyBuilder answer(HttpStatus status, Shown shown) {
        return ResponseEntity.status(status)
                .eTag(EntityTags.tagOf(shown.row().channel().revision()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    /** @param value absent to have one made here */
    record NewSecret(@Nullable String value) {}

    /** That a secret is set; its value is never shown again. */
    record SecretResource(
            String name, Instant setAt, @Nullable Instant previousUntil) {

        static SecretResource of(ChannelSecrets.Fact fact) {
            return new SecretResource(fact.name(), fact.setAt(), fact.previousUntil());
        }
    }

    /**
     * A channel as the API shows it.
     *
     * @param webhookPath where its provider posts to; absent for channels that are not called
     * @param made secrets that were made just now: in the answer that made them, and nowhere else
     */
    record ChannelResource(
            String channelId,
            String kind,
            String name,
            List<String> addresses,
            Map<String, String> settings,
            List<SecretResource> secrets,
            boolean enabled,
            @Nullable String webhookPath,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> made,
            String createdBy,
            Instant createdAt,
            Instant updatedAt) {

        static ChannelResource of(Shown shown) {
            Channel channel = shown.row().channel();
            return new ChannelResource(
                    channel.channelId(),
                    channel.kind(),
                    channel.name(),
                    channel.addresses(),
                    channel.settings(),
                    shown.facts().stream().map(SecretResource::of).toList(),
                    channel.enabled(),
                    webhookPath(channel),
                    shown.made(),
                    shown.row().createdBy(),
                    shown.row().createdAt(),
                    shown.row().updatedAt());
        }

        private static @Nullable String webhookPath(Channel channel) {
            return switch (channel.kind()) {
                case "email-generic" -> "/webhooks/email/inbound/" + channel.channelId();
                case "email-sendgrid" -> "/webhooks/email/sendgrid/" + channel.channelId();
                case "email-mailgun" -> "/webhooks/email/mailgun/" + channel.channelId();
                case "email-postmark" -> "/webhooks/email/postmark/" + channel.channelId();
                case "zendesk" -> "/webhooks/zendesk/" + channel.channelId();
                default -> null;
            };
        }
    }
}
