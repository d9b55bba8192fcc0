/** The general door for people: what can be asked for, what it would do, and the request itself. */
@NullMarked
package io.opsrelay.action.request;

import org.jspecify.annotations.NullMarked;
