/** Whether a mail's sender is who it says: by what the mail server that took it in found out (DMARC, DKIM, SPF). */
@NullMarked
package io.opsrelay.ingestion.email.sender;

import org.jspecify.annotations.NullMarked;
