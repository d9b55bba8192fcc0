/** Sends what is said to customers by e-mail, keeps what became of it, and knows the signed addresses answers come to. */
@NullMarked
package io.opsrelay.ingestion.mailout;

import org.jspecify.annotations.NullMarked;
