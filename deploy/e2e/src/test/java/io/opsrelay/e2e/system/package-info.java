/** The running system as somebody outside sees it: its processes, its HTTP door and its stream. */
@NullMarked
package io.opsrelay.e2e.system;

import org.jspecify.annotations.NullMarked;
