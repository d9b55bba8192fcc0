/** What providers tell of mails after they took them over: delivered, delayed, come back, complained about. */
@NullMarked
package io.opsrelay.ingestion.mailout.event;

import org.jspecify.annotations.NullMarked;
