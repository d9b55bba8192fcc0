package io.opsrelay.security.audit;

import io.opsrelay.contracts.audit.SealedEntry;
import org.jspecify.annotations.Nullable;

/**
 * An entry as it stands in the log.
 *
 * @param position in which entries were written, for paging
 * @param entry its canonical text
 * @param sealed its place in the chain; null for some moments after the commit
 */
public record AuditRow(
        long position, String entry, @Nullable SealedEntry sealed) {}
