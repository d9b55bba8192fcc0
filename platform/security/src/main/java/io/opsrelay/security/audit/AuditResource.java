package io.opsrelay.security.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.audit.SealedEntry;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * An audit entry in answers.
 *
 * @param sealed whether it has its place in the chain; for some moments after the commit it has none
 * @param seq its place
 * @param previous the hash of the entry before it
 * @param entry who, what, to what, when, why, before, after
 */
public record AuditResource(
        boolean sealed,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Long seq,
        @Nullable String previous,
        @Nullable String hash,
        Map<String, Object> entry) {

    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    static AuditResource of(AuditRow row) {
        SealedEntry sealed = row.sealed();
        Map<String, Object> entry = ContractJson.mapper().readValue(row.entry(), MAP);
        return sealed == null
                ? new AuditResource(false, null, null, null, entry)
                : new AuditResource(true, sealed.seq(), sealed.previous(), sealed.hash(), entry);
    }
}
