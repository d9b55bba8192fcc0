package io.opsrelay.messaging.app;

import io.opsrelay.messaging.Envelope;
import io.opsrelay.messaging.Outbox;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Writes a row for each note, and fails after writing it where a test asks for that. */
@Component
public class Clerk {

    private final JdbcTemplate jdbc;
    private final Outbox outbox;
    private final Map<String, Supplier<? extends Throwable>> troubles = new ConcurrentHashMap<>();
    private final Queue<String> attempts = new ConcurrentLinkedQueue<>();
    private final Queue<String> met = new ConcurrentLinkedQueue<>();

    Clerk(JdbcTemplate jdbc, Outbox outbox) {
        this.jdbc = jdbc;
        this.outbox = outbox;
    }

    /** From now on a note with this text fails so, after its effect was written. */
    public void failOn(String text, Supplier<? extends Throwable> trouble) {
        troubles.put(text, trouble);
    }

    /** The trouble is over. */
    public void recover(String text) {
        troubles.remove(text);
    }

    /** How often a note with this text was begun by {@link NotesApplication#CLERK}. */
    public long attempts(String text) {
        return attempts.stream().filter(text::equals).count();
    }

    /** Texts in the order in which they were begun. */
    public List<String> begun() {
        return List.copyOf(attempts);
    }

    /** Whose events came, in order. */
    public List<String> met() {
        return List.copyOf(met);
    }

    void meet(String clientId) {
        met.add(clientId);
    }

    void write(Envelope envelope, NoteTaken note) {
        attempts.add(note.text());
        insert(NotesApplication.CLERK, envelope, note);
        if (note.text().startsWith("file:")) {
            outbox.publish(envelope.clientId(), new NoteFiled(note.notebook()));
        }
        Supplier<? extends Throwable> trouble = troubles.get(note.text());
        if (trouble != null) {
            sneakyThrow(trouble.get());
        }
    }

    void archive(Envelope envelope, NoteTaken note) {
        insert(NotesApplication.ARCHIVE, envelope, note);
    }

    private void insert(String consumer, Envelope envelope, NoteTaken note) {
        jdbc.update(
                "insert into note_effect (client_id, consumer, event_id, text) values (?, ?, ?, ?)",
                envelope.clientId(),
                consumer,
                envelope.id(),
                note.text());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakyThrow(Throwable trouble) throws T {
        throw (T) trouble;
    }
}
