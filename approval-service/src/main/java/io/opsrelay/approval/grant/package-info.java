/** Signs what was approved, so that the executor need believe nobody else. */
@NullMarked
package io.opsrelay.approval.grant;

import org.jspecify.annotations.NullMarked;
