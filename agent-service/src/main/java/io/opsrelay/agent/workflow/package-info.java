/** How a client wants its tickets worked: engine, tools, routing, thresholds and limits, each change a version of its own. */
@NullMarked
package io.opsrelay.agent.workflow;

import org.jspecify.annotations.NullMarked;
