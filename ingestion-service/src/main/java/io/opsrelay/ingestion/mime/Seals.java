package io.opsrelay.ingestion.mime;

import io.opsrelay.ingestion.mime.header.Parameters;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects which protection a mail's parts and its text show. */
final class Seals {

    private boolean smimeSigned;
    private boolean smimeEncrypted;
    private boolean pgpSigned;
    private boolean pgpEncrypted;

    /** Looks at the type of a part, multiparts included. */
    void see(Parameters type) {
        String protocol = lower(type.get("protocol"));
        switch (type.value()) {
            case "multipart/signed" -> {
                pgpSigned |= protocol.contains("pgp");
                smimeSigned |= protocol.contains("pkcs7");
            }
            case "multipart/encrypted" -> pgpEncrypted |= protocol.contains("pgp");
            case "application/pgp-encrypted" -> pgpEncrypted = true;
            case "application/pkcs7-mime", "application/x-pkcs7-mime" -> {
                String kind = lower(type.get("smime-type"));
                smimeSigned |= kind.equals("signed-data");
                smimeEncrypted |= !kind.equals("signed-data") && !kind.equals("certs-only");
            }
            case "application/pkcs7-signature", "application/x-pkcs7-signature" -> smimeSigned = true;
            case "application/pgp-signature" -> pgpSigned = true;
            default -> {
                // Carries no protection.
            }
        }
    }

    /** Looks for PGP's armour in a text. */
    void see(String text) {
        pgpEncrypted |= text.contains("-----BEGIN PGP MESSAGE-----");
        pgpSigned |= text.contains("-----BEGIN PGP SIGNED MESSAGE-----");
    }

    MailSecurity result() {
        return new MailSecurity(smimeSigned, smimeEncrypted, pgpSigned, pgpEncrypted);
    }

    private static String lower(@Nullable String value) {
        return value == null ? "" : value.toLowerCase(Locale.ROOT);
    }
}
