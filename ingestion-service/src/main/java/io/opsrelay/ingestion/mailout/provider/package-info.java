/** Hands mails to whoever delivers them: an SMTP server, SendGrid, Mailgun or Postmark, and tells what came of it. */
@NullMarked
package io.opsrelay.ingestion.mailout.provider;

import org.jspecify.annotations.NullMarked;
