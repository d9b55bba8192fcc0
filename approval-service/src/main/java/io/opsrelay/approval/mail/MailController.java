package io.opsrelay.approval.mail;

import io.opsrelay.approval.mail.Mail.Status;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Notices by e-mail, over HTTP. */
@RestController
@RequestMapping("/api/v1/notifications")
@RequiresRole(Role.ADMIN)
class MailController {

    private final Mails mails;
    private final MailProperties properties;

    MailController(Mails mails, MailProperties properties) {
        this.mails = mails;
        this.properties = properties;
    }

    @GetMapping("/settings")
    ResponseEntity<SettingsResource> settings(Caller caller) {
        return answer(mails.current(caller.clientId()));
    }

    @PutMapping(path = "/settings", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<SettingsResource> putSettings(
            Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody SettingsBody settings) {
        return answer(mails.change(caller, EntityTags.of(ifMatch), settings));
    }

    @GetMapping("/emails")
    Page<MailResource> emails(Caller caller, PageRequest page) {
        return Page.of(
                mails.list(caller.clientId(), page).stream()
                        .map(MailResource::of)
                        .toList(),
                page.limit(),
                item -> new Cursor(item.createdAt(), item.emailId()));
    }

    private ResponseEntity<SettingsResource> answer(Settings settings) {
        return ResponseEntity.ok()
                .eTag(EntityTags.tagOf(settings.revision()))
                .body(SettingsResource.of(settings, properties.isOn()));
    }

    /**
     * Who gets which notices.
     *
     * @param emailAvailable whether there is a server that mails are handed to; without one nobody gets any
     */
    record SettingsResource(
            boolean emailAvailable,
            List<RecipientResource> recipients,
            @Nullable String changedBy,
            @Nullable Instant changedAt) {

        static SettingsResource of(Settings settings, boolean available) {
            return new SettingsResource(
                    available,
                    settings.recipients().stream().map(RecipientResource::of).toList(),
                    settings.changedBy(),
                    settings.changedAt());
        }
    }

    /** One of them. */
    record RecipientResource(String address, @Nullable Role role, List<String> eventTypes) {

        static RecipientResource of(Recipient recipient) {
            return new RecipientResource(
                    recipient.address(),
                    recipient.role(),
                    recipient.eventTypes().stream().sorted().toList());
        }
    }

    /**
     * A mail as the API shows it.
     *
     * @param notices how many it tells
     * @param error what went wrong last
     */
    record MailResource(
            UUID emailId,
            String recipient,
            Status status,
            int attempts,
            int notices,
            @Nullable String error,
            Instant createdAt,
            @Nullable Instant settledAt) {

        static MailResource of(Mail mail) {
            return new MailResource(
                    mail.mailId(),
                    mail.recipient(),
                    mail.status(),
                    mail.attempts(),
                    mail.notices(),
                    mail.error(),
                    mail.createdAt(),
                    mail.settledAt());
        }
    }
}
