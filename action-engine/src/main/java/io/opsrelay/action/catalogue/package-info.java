/** The kinds of actions there are: how each is prepared, called and asked after. */
@NullMarked
package io.opsrelay.action.catalogue;

import org.jspecify.annotations.NullMarked;
