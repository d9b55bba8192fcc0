/** Outgoing webhooks as Standard Webhooks describes them: signed, tried again, written down, sent again on demand. */
@NullMarked
package io.opsrelay.approval.webhook;

import org.jspecify.annotations.NullMarked;
