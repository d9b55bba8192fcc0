/** Shows mails as their senders made them: the harmless HTML, and the original to be saved. */
@NullMarked
package io.opsrelay.ingestion.email.body;

import org.jspecify.annotations.NullMarked;
