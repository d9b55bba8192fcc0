package io.opsrelay.ingestion.mime;

/** Which protection a mail carries. Recognised only: no signature is checked and nothing is decrypted. */
public record MailSecurity(boolean smimeSigned, boolean smimeEncrypted, boolean pgpSigned, boolean pgpEncrypted) {

    public static final MailSecurity NONE = new MailSecurity(false, false, false, false);

    /** Whether its text may be hidden from us. */
    public boolean encrypted() {
        return smimeEncrypted || pgpEncrypted;
    }
}
