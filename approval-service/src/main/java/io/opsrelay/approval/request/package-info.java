/** Requests for approval: opened by policy, decided by people, lapsed by time, withdrawn with their action. */
@NullMarked
package io.opsrelay.approval.request;

import org.jspecify.annotations.NullMarked;
