/** The launcher's control API on the loopback address: operations on the services, each journalled before it is done. */
@NullMarked
package io.opsrelay.standalone.control;

import org.jspecify.annotations.NullMarked;
