/** The one command: starts infrastructure and services as processes, keeps them running, shows and ends them. */
@NullMarked
package io.opsrelay.standalone.launcher;

import org.jspecify.annotations.NullMarked;
