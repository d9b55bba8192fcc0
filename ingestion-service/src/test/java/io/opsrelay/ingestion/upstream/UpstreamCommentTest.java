package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.ingestion.channel.Channels;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.StatusChanges;
import io.opsrelay.ingestion.ticket.TicketStatus;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawRecord.RawHeader;
import io.opsrelay.security.tenant.ClientTransactions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.springframework.dao.DuplicateKeyException;

class UpstreamCommentTest {

    private static final UUID TICKET = UUID.randomUUID();

    private final Tickets tickets = mock(Tickets.class);
    private final ClientTransactions transactions = mock(ClientTransactions.class);
    private final UpstreamStatuses statuses = mock(UpstreamStatuses.class);
    private final UpstreamIntake intake = new UpstreamIntake(
            new Sources(
                    new UpstreamProperties(
                            1,
                            1,
                            List.of(new UpstreamProperties.Configured(
                                    "crm",
                                    "acme",
                                    true,
                                    Set.of(),
                                    Map.of("comment", "comment"),
                                    null,
                                    Map.of(),
                                    Map.of(),
                                    "refuse"))),
                    mock(Channels.class)),
            tickets,
            statuses,
            transactions,
            new SimpleMeterRegistry());

    @BeforeEach
    void transactionsRunWhatTheyAreGiven() {
        when(transactions.call(eq("acme"), any()))
                .thenAnswer(call -> call.<Supplier<?>>getArgument(1).get());
        when(statuses.apply(any(), any(), any())).thenReturn(new StatusChanges.Result.Unchanged());
        when(tickets.receiveAll(eq("acme"), anyList()))
                .thenReturn(List.of(new Reception.Repeated(TICKET, TicketStatus.RESOLVED)));
    }

    @Test
    void aCommentIsAMessageOnTheTicketKnownByTheEventsId() {
        assertThat(intake.take(List.of(event("e1", "\"external_id\":\"7\",\"comment\":\"Still broken.\""))))
                .isEmpty();

        ArgumentCaptor<NewTicket> said = ArgumentCaptor.forClass(NewTicket.class);
        verify(tickets).continueWith(eq("acme"), eq(TICKET), said.capture());
        assertThat(said.getValue().body()).isEqualTo("Still broken.");
        assertThat(said.getValue().externalId()).isEqualTo("ce:e1");
        assertThat(said.getValue().source()).isEqualTo("upstream:crm");
        assertThat(said.getValue().senderVerified()).isTrue();
    }

    @Test
    void withoutACommentOrAnExternalIdNothingIsAdded() {
        intake.take(List.of(event("e1", "\"external_id\":\"7\"")));
        intake.take(List.of(event("e1", "\"external_id\":\"7\",\"comment\":\" \"")));
        intake.take(List.of(event("e1", "\"comment\":\"On which ticket?\"")));

        verify(tickets, never()).continueWith(any(), any(), any());
    }

    @Test
    void ifOneWasStoredAtTheSameMomentTheCommentsAreTriedOnceMore() {
        when(tickets.continueWith(any(), any(), any()))
                .thenThrow(new DuplicateKeyException("the same message"))
                .thenReturn(null);

        assertThat(intake.take(List.of(event("e1", "\"external_id\":\"7\",\"comment\":\"a\""))))
                .isEmpty();

        verify(tickets, times(2)).continueWith(any(), any(), any());
    }

    @Test
    void aCommentWithAnIdOfItsOwnIsKnownByThatWhateverEventBringsIt() {
        UpstreamIntake withIds = new UpstreamIntake(
                new Sources(
                        new UpstreamProperties(
                                1,
                                1,
                                List.of(new UpstreamProperties.Configured(
                                        "crm",
                                        "acme",
                                        true,
                                        Set.of(),
                                        Map.of("comment", "comment", "comment-id", "comment_id"),
                                        null,
                                        Map.of(),
                                        Map.of(),
                                        "refuse"))),
                        mock(Channels.class)),
                tickets,
                statuses,
                transactions,
                new SimpleMeterRegistry());

        withIds.take(List.of(event("e1", "\"external_id\":\"7\",\"comment\":\"a\",\"comment_id\":99")));
        withIds.take(List.of(event("e2", "\"external_id\":\"7\",\"comment\":\"a\",\"comment_id\":99")));

        ArgumentCaptor<NewTicket> said = ArgumentCaptor.forClass(NewTicket.class);
        verify(tickets, times(2)).continueWith(eq("acme"), eq(TICKET), said.capture());
        assertThat(said.getAllValues()).extracting(NewTicket::externalId).containsOnly("comment:99");
    }

    private static RawRecord event(String id, String fields) {
        String value = "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@example.org\"," + fields + "}";
        return new RawRecord(
                "opsrelay.upstream.tickets",
                0,
                7,
                null,
                value.getBytes(StandardCharsets.UTF_8),
                List.of(
                        RawHeader.of("ce_specversion", "1.0"),
                        RawHeader.of("ce_id", id),
                        RawHeader.of("ce_source", "crm"),
                        RawHeader.of("ce_type", "t")),
                Instant.EPOCH);
    }
}
