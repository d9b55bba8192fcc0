/** What a person newly wrote in an answer, without the mails it quotes and without the signature. */
@NullMarked
package io.opsrelay.ingestion.mime.reply;

import org.jspecify.annotations.NullMarked;
