/** The command {@code stats}: has a running system count its dashboards' numbers anew. */
@NullMarked
package io.opsrelay.standalone.stats;

import org.jspecify.annotations.NullMarked;
