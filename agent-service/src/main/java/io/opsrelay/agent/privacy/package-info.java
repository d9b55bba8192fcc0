/** Takes what names or reaches a person out of a text before any model sees it, so that it can be put back later. */
@NullMarked
package io.opsrelay.agent.privacy;

import org.jspecify.annotations.NullMarked;
