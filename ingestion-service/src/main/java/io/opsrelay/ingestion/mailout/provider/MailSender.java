package io.opsrelay.ingestion.mailout.provider;

/** Takes mails over for delivery. One contract, which each implementation keeps: see the contract test. */
@FunctionalInterface
public interface MailSender {

    /** Hands the mail over and tells what came of it; throws nothing for what the other side does. */
    Handover send(OutgoingMail mail);
}
