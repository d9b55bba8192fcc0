/** Answers what this service holds of a customer who asked for a copy. */
@NullMarked
package io.opsrelay.approval.export;

import org.jspecify.annotations.NullMarked;
