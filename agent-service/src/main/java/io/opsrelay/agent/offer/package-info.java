/** Which actions have somebody who carries them out, as action-engine tells: what would only fail is not proposed. */
@NullMarked
package io.opsrelay.agent.offer;

import org.jspecify.annotations.NullMarked;
