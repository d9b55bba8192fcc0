/** Orders of a client's customers: from its own order system over HTTP, or from those that it loads here. */
@NullMarked
package io.opsrelay.agent.order;

import org.jspecify.annotations.NullMarked;
