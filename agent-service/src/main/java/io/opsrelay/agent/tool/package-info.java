/** What the agent may ask for: each tool's schema and category, and what a call of it comes to after everything untrue was dropped. */
@NullMarked
package io.opsrelay.agent.tool;

import org.jspecify.annotations.NullMarked;
