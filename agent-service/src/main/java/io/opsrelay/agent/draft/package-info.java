/** Drafts are replies from fixed wording and known facts: nothing is stated that was not passed in. */
@NullMarked
package io.opsrelay.agent.draft;

import org.jspecify.annotations.NullMarked;
