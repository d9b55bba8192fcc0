/** The dashboard's files, as the build put them into the jar. */
@NullMarked
package io.opsrelay.gateway.web;

import org.jspecify.annotations.NullMarked;
