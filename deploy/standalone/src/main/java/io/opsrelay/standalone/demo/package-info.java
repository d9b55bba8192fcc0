/** The command {@code demo}: customers of both demo clients who write, and people who work on it, by the public API. */
@NullMarked
package io.opsrelay.standalone.demo;

import org.jspecify.annotations.NullMarked;
