package io.opsrelay.ingestion.channel;

import io.opsrelay.ingestion.channel.ChannelKind.Form;
import io.opsrelay.ingestion.channel.ChannelKind.SecretRule;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends to make or change a channel.
 *
 * @param channelId given by operators only; made where it is absent
 * @param kind cannot be changed later
 * @param addresses of mail; {@code *@domain} for all of a domain
 * @param secrets by name; those that are not given stay as they are, or are made
 * @param enabled true unless said
 */
record ChannelBody(
        @Nullable String channelId,
        @Nullable String kind,
        @Nullable String name,
        @Nullable List<@Nullable String> addresses,
        @Nullable Map<String, @Nullable String> settings,
        @Nullable Map<String, @Nullable String> secrets,
        @Nullable Boolean enabled) {

    static final int MAX_NAME = 100;
    static final int MAX_ADDRESSES = 50;
    static final int MAX_ADDRESS = 254;
    static final int MAX_SETTING = 4_000;
    static final int MAX_SECRET = 2_000;
    private static final String ID_FORM = "[a-z0-9][a-z0-9_-]{7,63}";
    private static final int SHORTEST_KEY = 24;

    /** What is wrong, by field; empty if nothing is. */
    Map<String, String> refusals(boolean ofOperator) {
        Map<String, String> refusals = new LinkedHashMap<>();
        Optional<ChannelKind> known = kind == null ? Optional.empty() : ChannelKind.named(kind);
        if (known.isEmpty()) {
            refusals.put("kind", "must be one of " + ChannelKind.names());
        }
        if (channelId != null && !ofOperator) {
            refusals.put("channel_id", "is made here: leave it out");
        } else if (channelId != null && !channelId.matches(ID_FORM)) {
            refusals.put("channel_id", "must be 8 to 64 of a-z, 0-9, - and _");
        }
        if (name == null || name.isBlank() || name.length() > MAX_NAME || hasControls(name)) {
            refusals.put("name", "must be 1 to " + MAX_NAME + " characters on one line");
        }
        known.ifPresent(of -> {
            put(refusals, "addresses", addressesRefusal(of));
            settingsRefusals(of, refusals);
            secretsRefusals(of, refusals);
        });
        return refusals;
    }

    ChannelKind toKind() {
        return ChannelKind.named(String.valueOf(kind)).orElseThrow();
    }

    String toName() {
        return String.valueOf(name).strip();
    }

    List<String> toAddresses() {
        Set<String> lower = new LinkedHashSet<>();
        for (String address : addresses == null ? List.<@Nullable String>of() : addresses) {
            lower.add(String.valueOf(address).strip().toLowerCase(Locale.ROOT));
        }
        return new ArrayList<>(lower);
    }

    Map<String, String> toSettings() {
        return withoutNulls(settings);
    }

    /** The same, with those of the channel's settings that it does not name: an upstream channel's are its admin's, too. */
    ChannelBody onto(Channel known) {
        if (toKind() != ChannelKind.UPSTREAM) {
            return this;
        }
        Map<String, @Nullable String> all = new TreeMap<>(known.settings());
        all.putAll(toSettings());
        return new ChannelBody(channelId, kind, name, addresses, all, secrets, enabled);
    }

    /** Absent but in a channel of kind upstream that an operator made. */
    @Nullable
    String toSource() {
        return toKind() == ChannelKind.UPSTREAM ? toSettings().get(ChannelKind.SOURCE) : null;
    }

    Map<String, String> toSecrets() {
        return withoutNulls(secrets);
    }

    boolean toEnabled() {
        return enabled == null || enabled;
    }

    private @Nullable String addressesRefusal(ChannelKind of) {
        List<String> given = toAddresses();
        if (!of.addressed()) {
            return given.isEmpty() ? null : "a channel of this kind has none";
        }
        if (given.isEmpty() && of != ChannelKind.SMTP && of != ChannelKind.IMAP) {
            return "must name at least one address that mail comes to";
        }
        if (given.size() > MAX_ADDRESSES) {
            return "must be at most " + MAX_ADDRESSES;
        }
        return given.stream().allMatch(ChannelBody::isAddress)
                ? null
                : "must be addresses like support@example.org, or *@example.org";
    }

    private static boolean isAddress(String address) {
        return address.length() <= MAX_ADDRESS
                && address.matches("(\\*|[a-z0-9.!#$%&'/=?^_`{|}~-]{1,64})@[a-z0-9-]+(\\.[a-z0-9-]+)+");
    }

    private void settingsRefusals(ChannelKind of, Map<String, String> refusals) {
        Map<String, String> given = toSettings();
        for (String required : of.required()) {
            if (given.getOrDefault(required, "").isBlank()) {
                refusals.put("settings." + required, "is required");
            }
        }
        given.forEach((setting, value) -> {
            String field = "settings." + setting;
            if (!of.hasSetting(setting)) {
                refusals.put(field, "is not a setting of this kind of channel");
            } else if (value.length() > MAX_SETTING) {
                refusals.put(field, "must be at most " + MAX_SETTING + " characters");
            } else {
                put(refusals, field, SettingRules.refusal(setting, value));
            }
        });
    }

    private void secretsRefusals(ChannelKind of, Map<String, String> refusals) {
        toSecrets().forEach((secret, value) -> {
            Optional<SecretRule> rule = of.secret(secret);
            String field = "secrets." + secret;
            if (rule.isEmpty()) {
                refusals.put(field, "is not a secret of this kind of channel");
            } else {
                put(refusals, field, secretRefusal(rule.get(), value));
            }
        });
    }

    /** Says nothing of the value itself. */
    static @Nullable String secretRefusal(SecretRule rule, String value) {
        if (value.isBlank() || value.length() > MAX_SECRET || hasControls(value)) {
            return "must be 1 to " + MAX_SECRET + " characters on one line";
        }
        if (rule.form() != Form.STANDARD_WEBHOOKS) {
            return null;
        }
        try {
            boolean longEnough = value.startsWith("whsec_")
                    && Base64.getDecoder().decode(value.substring("whsec_".length())).length >= SHORTEST_KEY;
            return longEnough ? null : "must be whsec_ and base64 of at least " + SHORTEST_KEY + " bytes";
        } catch (IllegalArgumentException e) {
            return "must be whsec_ and base64 of at least " + SHORTEST_KEY + " bytes";
        }
    }

    private static boolean hasControls(String text) {
        return text.codePoints().anyMatch(Character::isISOControl);
    }

    private static Map<String, String> withoutNulls(@Nullable Map<String, @Nullable String> given) {
        Map<String, String> copy = new TreeMap<>();
        if (given != null) {
            given.forEach((key, value) -> {
                if (value != null) {
                    copy.put(key, value);
                }
            });
        }
        return copy;
    }

    private static void put(Map<String, String> refusals, String field, @Nullable String reason) {
        if (reason != null) {
            refusals.put(field, reason);
        }
    }
}
