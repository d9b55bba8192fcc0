package io.opsrelay.ingestion.mailout;

import io.opsrelay.ingestion.mailout.provider.MailSender;

/**
 * By whom a client's mails leave, and in whose name.
 *
 * @param provider smtp, sendgrid, mailgun, postmark
 * @param from the sender's address
 * @param fromName the sender's name, empty for none
 * @param replyTo where answers come in, before it is signed for a ticket
 * @param tagsSubjects whether subjects carry the ticket's signed tag, for mail systems that keep nothing else
 */
record Outlet(String provider, MailSender sender, String from, String fromName, String replyTo, boolean tagsSubjects) {}
