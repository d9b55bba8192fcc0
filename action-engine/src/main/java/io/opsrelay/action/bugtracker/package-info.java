/** The way to the systems in which clients' developers keep bug reports. */
@NullMarked
package io.opsrelay.action.bugtracker;

import org.jspecify.annotations.NullMarked;
