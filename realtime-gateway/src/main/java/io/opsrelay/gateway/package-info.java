/** The one door from outside: tokens, routes to the services, each client's live feed, and the dashboard's files. */
@NullMarked
package io.opsrelay.gateway;

import org.jspecify.annotations.NullMarked;
