/** Shows admins the audit log of this service: what people changed about customers, and other things that are kept. */
@NullMarked
package io.opsrelay.ingestion.audit;

import org.jspecify.annotations.NullMarked;
