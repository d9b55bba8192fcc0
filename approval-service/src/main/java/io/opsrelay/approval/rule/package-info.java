/** The language of policies and what a policy says about an action. Pure: no clock, no database. */
@NullMarked
package io.opsrelay.approval.rule;

import org.jspecify.annotations.NullMarked;
