/** From the bytes of a text part to characters: character sets, flowed paragraphs, uuencoded files, what may be stored. */
@NullMarked
package io.opsrelay.ingestion.mime.text;

import org.jspecify.annotations.NullMarked;
