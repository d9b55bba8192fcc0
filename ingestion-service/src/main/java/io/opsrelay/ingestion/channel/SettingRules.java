package io.opsrelay.ingestion.channel;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What settings may hold, by their names: the same name means the same in every kind of channel. */
final class SettingRules {

    private static final Set<String> SECURITIES = Set.of("tls", "starttls", "none");

    private SettingRules() {}

    /** Why the value will not do; null if it will. */
    static @Nullable String refusal(String setting, String value) {
        return switch (setting) {
            case "port" -> number(value, 1, 65_535);
            case "poll_seconds" -> number(value, 1, 86_400);
            case "begin" -> value.equals("now") || value.equals("all") ? null : "must be now or all";
            case "security" -> SECURITIES.contains(value) ? null : "must be tls, starttls or none";
            case "subject_tag", "vouches_for_sender" ->
                value.equals("true") || value.equals("false") ? null : "must be true or false";
            case "public_key", "public_key_previous", "events_public_key" -> publicKey(value);
            case "subdomain" ->
                value.matches("[a-z0-9][a-z0-9-]{0,62}") ? null : "must be the name before .zendesk.com, like acme";
            case "base_url" ->
                value.matches("https?://[A-Za-z0-9.:-]+/?") ? null : "must be an address like https://acme.zendesk.com";
            case "start_time" -> number(value, 0, Integer.MAX_VALUE);
            case "write_back" ->
                value.equals("internal") || value.equals("public") ? null : "must be internal or public";
            case "mapping" -> value.isBlank() ? "must not be blank" : null;
            default ->
                value.isBlank() || value.codePoints().anyMatch(Character::isISOControl)
                        ? "must be a text on one line"
                        : null;
        };
    }

    private static @Nullable String number(String value, int least, int most) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return null;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        return "must be a number from " + least + " to " + most;
    }

    /** As SendGrid shows it: an ECDSA key in base64 of DER. */
    private static @Nullable String publicKey(String value) {
        try {
            KeyFactory.getInstance("EC")
                    .generatePublic(
                            new X509EncodedKeySpec(Base64.getMimeDecoder().decode(value)));
            return null;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return "must be an ECDSA public key in base64, as SendGrid shows it";
        }
    }
}
