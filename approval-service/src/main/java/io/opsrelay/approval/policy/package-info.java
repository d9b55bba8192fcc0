/** Each client's policy: its versions, its settings over HTTP, and what it says about an action. */
@NullMarked
package io.opsrelay.approval.policy;

import org.jspecify.annotations.NullMarked;
