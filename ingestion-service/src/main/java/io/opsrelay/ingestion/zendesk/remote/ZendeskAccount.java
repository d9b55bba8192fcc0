package io.opsrelay.ingestion.zendesk.remote;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where a channel's Zendesk stands, and how one signs in there.
 *
 * @param base without a slash at its end
 * @param authorization value of that header
 */
public record ZendeskAccount(URI base, String authorization) {

    /**
     * Of a channel of kind zendesk: an OAuth token goes before an e-mail address with an API token.
     *
     * @throws ZendeskException if something is missing or cannot be
     */
    public static ZendeskAccount of(Channel channel, Channels channels) {
        String base = channel.setting("base_url", "https://" + channel.setting("subdomain", "") + ".zendesk.com");
        Optional<String> oauth = channels.secret(channel, "oauth_token");
        return new ZendeskAccount(
                uri(base), oauth.map(token -> "Bearer " + token).orElseGet(() -> basic(channel, channels)));
    }

    private static String basic(Channel channel, Channels channels) {
        String email = channel.setting("email");
        String token = channels.secret(channel, "api_token").orElse(null);
        if (email == null || token == null) {
            throw new ZendeskException(
                    ZendeskException.Kind.SIGN_IN,
                    "the channel needs the secret oauth_token, or the setting email and the secret api_token",
                    null);
        }
        byte[] pair = (email + "/token:" + token).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static URI uri(String base) {
        try {
            URI uri = URI.create(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new ZendeskException(ZendeskException.Kind.SIGN_IN, "the channel's base_url is no address", null);
    }

    /** Without what signs in. */
    @Override
    public String toString() {
        return "ZendeskAccount[" + base + "]";
    }
}
