package io.opsrelay.ingestion.email.sender;

import io.opsrelay.ingestion.email.MailHeaders;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.IDN;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a From address was proven. A result counts only if it comes from whom we trust and is aligned (DMARC, RFC
 * 7489): the domain that was proven is the From address's own, or one above it. Without a list of public suffixes a domain
 * below it proves nothing here; then the provider's own DMARC result must.
 */
public final class SenderCheck {

    private static final Pattern DKIM_D = Pattern.compile("(?:^|;)\\s*d\\s*=\\s*([^;\\s]+)");
    private static final Pattern ENVELOPE_FROM = Pattern.compile("envelope-from=\"?<?([^\\s;>\"]+)");

    private SenderCheck() {}

    /** The domain of the only From address; empty if there are several, or none. */
    public static Optional<String> fromDomain(MailHeaders headers) {
        String from = headers.only("from");
        if (from == null) {
            return Optional.empty();
        }
        try {
            InternetAddress[] addresses = InternetAddress.parseHeader(from, true);
            return addresses.length == 1 ? domainOf(addresses[0].getAddress()) : Optional.empty();
        } catch (AddressException e) {
            return Optional.empty();
        }
    }

    /**
     * By the {@code Authentication-Results} (RFC 8601) of the mail server that is named so. Only the topmost of its headers
     * counts: it writes above what the sender wrote.
     *
     * @param authservId absent if none is trusted
     */
    public static boolean byResults(MailHeaders headers, @Nullable String authservId) {
        Optional<String> domain = fromDomain(headers);
        if (authservId == null || domain.isEmpty()) {
            return false;
        }
        return headers.values("authentication-results").stream()
                .map(AuthenticationResults::parse)
                .filter(results -> results.authservId().equalsIgnoreCase(authservId))
                .findFirst()
                .map(results -> results.prove(domain.get()))
                .orElse(false);
    }

    /**
     * By SendGrid's fields.
     *
     * @param dkim like {@code {@example.com : pass}}
     * @param spf like {@code pass}
     * @param envelopeFrom of the SMTP dialogue
     */
    public static boolean bySendGrid(
            MailHeaders headers, @Nullable String dkim, @Nullable String spf, @Nullable String envelopeFrom) {
        Optional<String> domain = fromDomain(headers);
        if (domain.isEmpty()) {
            return false;
        }
        if (dkim != null) {
            for (String result : dkim.replaceAll("[{}]", "").split(",", -1)) {
                int colon = result.lastIndexOf(':');
                if (colon > 0
                        && result.substring(colon + 1).strip().equalsIgnoreCase("pass")
                        && isAligned(
                                domain.get(), result.substring(0, colon).strip().replaceFirst("^@", ""))) {
                    return true;
                }
            }
        }
        return "pass".equalsIgnoreCase(spf)
                && domainOf(envelopeFrom)
                        .map(proven -> isAligned(domain.get(), proven))
                        .orElse(false);
    }

    /**
     * By the headers that Mailgun adds. One that stands there twice was written by somebody else, too, and proves nothing.
     *
     * @param envelopeFrom of the SMTP dialogue
     */
    public static boolean byMailgun(MailHeaders headers, @Nullable String envelopeFrom) {
        Optional<String> domain = fromDomain(headers);
        if (domain.isEmpty()) {
            return false;
        }
        List<String> signers = headers.values("dkim-signature").stream()
                .map(DKIM_D::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .toList();
        // Mailgun does not say which of several signatures it found good.
        boolean dkim = "pass".equalsIgnoreCase(headers.only("x-mailgun-dkim-check-result"))
                && !signers.isEmpty()
                && signers.stream().allMatch(signer -> isAligned(domain.get(), signer));
        boolean spf = "pass".equalsIgnoreCase(headers.only("x-mailgun-spf"))
                && domainOf(envelopeFrom)
                        .map(proven -> isAligned(domain.get(), proven))
                        .orElse(false);
        return dkim || spf;
    }

    /** By the headers that Postmark adds: DKIM_VALID_AU is a good signature of the author's domain. */
    public static boolean byPostmark(MailHeaders headers) {
        Optional<String> domain = fromDomain(headers);
        if (domain.isEmpty()) {
            return false;
        }
        String tests = headers.only("x-spam-tests");
        if (tests != null && List.of(tests.split("[,\\s]+", -1)).contains("DKIM_VALID_AU")) {
            return true;
        }
        String spf = headers.only("received-spf");
        if (spf == null || !spf.toLowerCase(Locale.ROOT).startsWith("pass")) {
            return false;
        }
        Matcher from = ENVELOPE_FROM.matcher(spf);
        return from.find()
                && domainOf(from.group(1))
                        .map(proven -> isAligned(domain.get(), proven))
                        .orElse(false);
    }

    /** Whether a proof for that domain is one for a sender of the other. */
    static boolean isAligned(String fromDomain, String provenDomain) {
        String from = ascii(fromDomain);
        String proven = ascii(provenDomain);
        return proven.contains(".") && (from.equals(proven) || from.endsWith("." + proven));
    }

    static Optional<String> domainOf(@Nullable String address) {
        if (address == null) {
            return Optional.empty();
        }
        String bare = address.strip().replaceAll("[<>]", "");
        int at = bare.lastIndexOf('@');
        return at < 0 || at == bare.length() - 1 ? Optional.empty() : Optional.of(ascii(bare.substring(at + 1)));
    }

    private static String ascii(String domain) {
        String lower = domain.strip().toLowerCase(Locale.ROOT);
        try {
            return IDN.toASCII(lower, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return lower;
        }
    }
}
