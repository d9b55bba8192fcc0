/** Says whether an action may be done at once, needs a person, or is forbidden. */
@NullMarked
package io.opsrelay.approval.policy;

import org.jspecify.annotations.NullMarked;
