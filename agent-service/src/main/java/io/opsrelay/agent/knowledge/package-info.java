/** Articles of each client, searched by full text: an answer cites the passage that it rests on. */
@NullMarked
package io.opsrelay.agent.knowledge;

import org.jspecify.annotations.NullMarked;
