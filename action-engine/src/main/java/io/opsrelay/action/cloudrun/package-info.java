/** Services on Google Cloud Run: new revisions, scaling, traffic back to the revision before, and the undo of what failed. */
@NullMarked
package io.opsrelay.action.cloudrun;

import org.jspecify.annotations.NullMarked;
