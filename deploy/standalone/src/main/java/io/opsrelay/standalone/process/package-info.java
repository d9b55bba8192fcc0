/** Child processes that end with their parent, are recognised again after a crash, and log to a file of their own. */
@NullMarked
package io.opsrelay.standalone.process;

import org.jspecify.annotations.NullMarked;
