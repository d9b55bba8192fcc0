package io.opsrelay.ingestion.channel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a channel is, which settings and secrets it has, and which of them it cannot do without. */
enum ChannelKind {
    EMAIL_GENERIC(
            "email-generic",
            true,
            Set.of(),
            Set.of("authserv_id", "vouches_for_sender"),
            List.of(new SecretRule("signing_secret", true, Form.STANDARD_WEBHOOKS))),
    EMAIL_SENDGRID(
            "email-sendgrid", true, Set.of("public_key"), Set.of("authserv_id", "public_key_previous"), List.of()),
    EMAIL_MAILGUN(
            "email-mailgun",
            true,
            Set.of(),
            Set.of("authserv_id", "spam_filter"),
            List.of(new SecretRule("signing_key", false, Form.ANY))),
    EMAIL_POSTMARK(
            "email-postmark",
            true,
            Set.of("username"),
            Set.of("authserv_id"),
            List.of(new SecretRule("password", true, Form.RANDOM))),
    IMAP(
            "imap",
            true,
            Set.of("host", "username"),
            Set.of("port", "security", "folder", "begin", "poll_seconds", "authserv_id"),
            List.of(new SecretRule("password", false, Form.ANY))),
    SMTP(
            "smtp",
            true,
            Set.of(),
            Set.of(
                    "provider",
                    "host",
                    "port",
                    "security",
                    "username",
                    "from",
                    "from_name",
                    "reply_to",
                    "reply_by_email",
                    "domain",
                    "region",
                    "stream",
                    "subject_tag",
                    "events_public_key",
                    "events_username"),
            List.of(
                    new SecretRule("password", false, Form.ANY),
                    new SecretRule("api_key", false, Form.ANY),
                    new SecretRule("events_signing_key", false, Form.ANY),
                    new SecretRule("events_password", false, Form.ANY))),
    UPSTREAM("upstream", false, Set.of(), Set.of(ChannelKind.SOURCE, "mapping", "format"), List.of()),
    ZENDESK(
            "zendesk",
            false,
            Set.of("subdomain"),
            Set.of("base_url", "email", "industry", "start_time", "write_back"),
            List.of(
                    new SecretRule("api_token", false, Form.ANY),
                    new SecretRule("oauth_token", false, Form.ANY),
                    new SecretRule("webhook_secret", false, Form.ANY)));

    /** The setting of upstream channels that names the source of their records; operators give it. */
    static final String SOURCE = "source";

    private final String wireName;
    private final boolean addressed;

    @SuppressWarnings("ImmutableEnumChecker") // Those given here are.
    private final Set<String> required;

    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> optional;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<SecretRule> secrets;

    ChannelKind(
            String wireName, boolean addressed, Set<String> required, Set<String> optional, List<SecretRule> secrets) {
        this.wireName = wireName;
        this.addressed = addressed;
        this.required = required;
        this.optional = optional;
        this.secrets = secrets;
    }

    /** How a secret looks that we make ourselves, and how one must look that is given. */
    enum Form {
        /** Whatever the other side has made. */
        ANY,
        /** 32 random bytes in URL-safe base64. */
        RANDOM,
        /** {@code whsec_} and base64, as Standard Webhooks writes it. */
        STANDARD_WEBHOOKS
    }

    /** @param made whether we make it where none is given */
    record SecretRule(String name, boolean made, Form form) {}

    static Optional<ChannelKind> named(String name) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName.equals(name))
                .findFirst();
    }

    static String names() {
        return String.join(
                ", ", Arrays.stream(values()).map(kind -> kind.wireName).toList());
    }

    String wireName() {
        return wireName;
    }

    /** Whether mail addresses belong to it. */
    boolean addressed() {
        return addressed;
    }

    Set<String> required() {
        return required;
    }

    boolean hasSetting(String name) {
        return required.contains(name) || optional.contains(name);
    }

    List<SecretRule> secrets() {
        return secrets;
    }

    Optional<SecretRule> secret(String name) {
        return secrets.stream().filter(rule -> rule.name().equals(name)).findFirst();
    }
}
