/** Mailboxes that are read by IMAP: each by one instance at a time, each mail once, and marked as read only afterwards. */
@NullMarked
package io.opsrelay.ingestion.email.mailbox;

import org.jspecify.annotations.NullMarked;
