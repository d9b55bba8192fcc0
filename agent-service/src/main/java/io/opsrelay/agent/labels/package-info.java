/** Labels that a client invents itself, the classifier that learns them from its examples, and people's corrections of it. */
@NullMarked
package io.opsrelay.agent.labels;

import org.jspecify.annotations.NullMarked;
