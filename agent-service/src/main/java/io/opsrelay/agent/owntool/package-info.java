/** Tools that clients have added by configuration, HTTP endpoints and MCP servers: what there is, and what comes of asking. */
@NullMarked
package io.opsrelay.agent.owntool;

import org.jspecify.annotations.NullMarked;
