/** What people may change about an action before they approve it. Pure. */
@NullMarked
package io.opsrelay.approval.edit;

import org.jspecify.annotations.NullMarked;
