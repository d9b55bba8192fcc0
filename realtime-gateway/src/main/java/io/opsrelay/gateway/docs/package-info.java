/** The API's documentation: one OpenAPI document of all services, and the pages that show it. */
@NullMarked
package io.opsrelay.gateway.docs;

import org.jspecify.annotations.NullMarked;
