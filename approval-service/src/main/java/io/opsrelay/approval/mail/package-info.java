/** Notices by e-mail: who gets which, several together where many come at once, and never anything to decide with. */
@NullMarked
package io.opsrelay.approval.mail;

import org.jspecify.annotations.NullMarked;
