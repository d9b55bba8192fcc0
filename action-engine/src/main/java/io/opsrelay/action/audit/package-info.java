/** Shows admins the audit log of this service: what was asked, done and changed about actions and their guardrails. */
@NullMarked
package io.opsrelay.action.audit;

import org.jspecify.annotations.NullMarked;
