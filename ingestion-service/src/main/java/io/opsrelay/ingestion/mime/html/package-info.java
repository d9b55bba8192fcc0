/** HTML of mails: made safe to be shown, turned into text, and freed of the mails it quotes. */
@NullMarked
package io.opsrelay.ingestion.mime.html;

import org.jspecify.annotations.NullMarked;
