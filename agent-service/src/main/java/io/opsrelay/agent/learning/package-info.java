/** Learning makes a linear classifier of labelled texts, of any labels, and measures it on texts it was not shown. */
@NullMarked
package io.opsrelay.agent.learning;

import org.jspecify.annotations.NullMarked;
