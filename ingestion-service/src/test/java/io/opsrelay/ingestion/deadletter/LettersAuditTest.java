package io.opsrelay.ingestion.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.springframework.beans.factory.ObjectProvider;

/** What the audit log hears of decisions, and that they leave what publishes the record. */
class LettersAuditTest {

    private static final UUID ID = UUID.randomUUID();
    private static final Caller ADMIN = caller("acme", Role.ADMIN);
    private static final Caller OPERATOR = caller(null, Role.OPERATOR);

    private final LetterStore store = mock(LetterStore.class);
    private final Owners owners = mock(Owners.class);
    private final Jobs jobs = mock(Jobs.class);
    private final Audit audit = mock(Audit.class);

    @SuppressWarnings("unchecked")
    private final ObjectProvider<Audit> provided = mock(ObjectProvider.class);

    @BeforeEach
    void aLetterIsOpen() {
        when(provided.getIfAvailable()).thenReturn(audit);
        when(owners.call(any(), any()))
                .thenAnswer(call -> call.<Supplier<?>>getArgument(1).get());
        when(store.lock(ID)).thenReturn(Optional.of(letter()));
        when(store.find(ID)).thenReturn(Optional.of(letter()));
    }

    @Test
    void anAdminsReplayIsInTheClientsLogWithoutWhatTheRecordHolds() {
        new Letters(store, owners, jobs, provided, Clock.systemUTC()).replay(ADMIN, ID, null);

        ArgumentCaptor<AuditEntry> entry = ArgumentCaptor.forClass(AuditEntry.class);
        verify(audit).record(eq("acme"), entry.capture());
        assertThat(entry.getValue().action()).isEqualTo("dead_letter.replayed");
        assertThat(entry.getValue().actor()).isEqualTo("user:x");
        assertThat(entry.getValue().subjectId()).isEqualTo(ID.toString());
        assertThat(entry.getValue().toString()).doesNotContain("secret");
        verify(jobs).add(Replays.QUEUE, "acme", "opsrelay.ticket.v1-3", Replays.KIND, ID);
    }

    @Test
    void aDiscardedLetterNamesTheReason() {
        new Letters(store, owners, jobs, provided, Clock.systemUTC()).discard(ADMIN, ID, "a test record");

        ArgumentCaptor<AuditEntry> entry = ArgumentCaptor.forClass(AuditEntry.class);
        verify(audit).record(eq("acme"), entry.capture());
        assertThat(entry.getValue().action()).isEqualTo("dead_letter.discarded");
        assertThat(entry.getValue().reason()).isEqualTo("a test record");
    }

    @Test
    void whatBelongsToNobodyIsInNobodysLog() {
        new Letters(store, owners, jobs, provided, Clock.systemUTC()).replay(OPERATOR, ID, null);

        verify(audit, never()).record(any(), any());
        verify(jobs).add(Replays.QUEUE, Owners.NOBODY, "opsrelay.ticket.v1-3", Replays.KIND, ID);
    }

    private static Letter letter() {
        return new Letter(
                "acme",
                ID,
                LetterState.OPEN,
                "opsrelay.ticket.v1",
                "opsrelay.ticket.v1-3@7",
                "group",
                "a reason",
                null,
                null,
                null,
                "secret".getBytes(StandardCharsets.UTF_8),
                List.of(),
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                null,
                null,
                null);
    }

    private static Caller caller(@Nullable String clientId, Role role) {
        return new Caller(clientId, "x", Set.of(role), Instant.MAX);
    }
}
