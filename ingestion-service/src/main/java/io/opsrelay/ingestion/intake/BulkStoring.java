package io.opsrelay.ingestion.intake;

import io.opsrelay.ingestion.ticket.HandedTicket;
import io.opsrelay.ingestion.ticket.Reception;
import io.opsrelay.ingestion.ticket.Tickets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.json.JsonMapper;

/** Takes the lines of one request, batch by batch: stores it, then answers it. */
final class BulkStoring implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkStoring.class);

    private final String clientId;
    private final Tickets tickets;
    private final BulkBuffer buffer;
    private final OutputStream answer;
    private final JsonMapper json;
    private final Consumer<BulkLine.Answer> counted;
    private long next;
    private boolean begun;
    private @Nullable Exception failure = new IllegalStateException("storing came to no end");

    /**
     * @param first number of the first line
     * @param counted is told each answer
     */
    BulkStoring(
            String clientId,
            Tickets tickets,
            BulkBuffer buffer,
            OutputStream answer,
            JsonMapper json,
            long first,
            Consumer<BulkLine.Answer> counted) {
        this.clientId = clientId;
        this.tickets = tickets;
        this.buffer = buffer;
        this.answer = answer;
        this.json = json;
        this.next = first;
        this.counted = counted;
    }

    @Override
    public void run() {
        try {
            for (List<BulkLine> lines = buffer.take(); !lines.isEmpty(); lines = buffer.take()) {
                write(answersTo(lines));
                next = lines.getLast().number() + 1;
            }
            failure = null;
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = e;
            breakOff(e);
        } catch (InterruptedException e) {
            failure = e;
            Thread.currentThread().interrupt();
        } finally {
            buffer.giveUp();
        }
    }

    /** At once: who sends more only after an answer would wait for it in vain. */
    private void breakOff(RuntimeException cause) {
        if (begun) {
            try {
                writeLast(cause);
            } catch (IOException gone) {
                failure = gone;
            }
        }
    }

    /**
     * Closes the answer, after {@link #run}.
     *
     * @param unread why the rest of the request could not be read; null if it was
     * @throws RuntimeException the failure, if nothing was answered yet and the status can still say it
     * @throws IOException if the sender is gone
     */
    void finish(@Nullable IOException unread) throws IOException {
        if (failure instanceof IOException gone) {
            throw gone;
        }
        if (failure instanceof RuntimeException fault) {
            if (!begun) {
                throw fault;
            }
        } else if (failure != null || unread != null) {
            writeLast(failure != null ? failure : unread);
        } else {
            answer.flush();
        }
    }

    private void writeLast(@Nullable Exception cause) throws IOException {
        LOG.warn("A bulk request of client {} broke off at line {}", clientId, next, cause);
        answer.write(line(new BulkLine.Broken(reason(cause), next)));
        answer.flush();
    }

    private static String reason(@Nullable Exception cause) {
        return switch (cause) {
            case DataAccessException _, TransactionException _ ->
                "the database cannot answer now; send this line and those after it again";
            case IOException unread -> "the rest of the request could not be read: " + unread.getMessage();
            case null, default -> "something went wrong on our side; it is logged";
        };
    }

    private List<BulkLine.Answer> answersTo(List<BulkLine> lines) {
        List<HandedTicket> handed = new ArrayList<>();
        for (BulkLine line : lines) {
            if (line.handed() != null) {
                handed.add(line.handed());
            }
        }
        Iterator<Reception> receptions = handed.isEmpty()
                ? List.<Reception>of().iterator()
                : tickets.receiveAllHanded(clientId, handed).iterator();
        return lines.stream()
                .map(line -> line.handed() == null ? line.refused() : line.answered(receptions.next()))
                .toList();
    }

    private void write(List<BulkLine.Answer> answers) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (BulkLine.Answer one : answers) {
            text.writeBytes(line(one));
            counted.accept(one);
        }
        begun = true;
        text.writeTo(answer);
        answer.flush();
    }

    private byte[] line(Object value) {
        byte[] text = json.writeValueAsBytes(value);
        byte[] ended = Arrays.copyOf(text, text.length + 1);
        ended[text.length] = '\n';
        return ended;
    }
}
