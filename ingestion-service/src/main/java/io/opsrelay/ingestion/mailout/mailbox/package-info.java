/** Shows the mails in the local mailbox of a standalone OpsRelay, where no mail leaves the machine. */
@NullMarked
package io.opsrelay.ingestion.mailout.mailbox;

import org.jspecify.annotations.NullMarked;
