package io.opsrelay.ingestion.deadletter;

import io.opsrelay.ingestion.deadletter.RecordSubjects.Subject;
import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.ingestion.privacy.ErasedOwners;
import io.opsrelay.ingestion.privacy.PersonalData;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Erases what records said that were set aside; that there were such records, and whose consumer failed, stays. Letters of
 * a ticket's events are known by their key, others by an address in their value, and those that other systems wrote by
 * what their readers make of them.
 */
@Component
class ErasedLetters implements PersonalData {

    /** Values may be large. */
    private static final int PAGE = 20;

    private static final int UUID_LENGTH = 36;
    private static final String SYSTEM = "system:ingestion-service";

    private final LetterStore store;
    private final List<RecordSubjects> readers;
    private final ErasedOwners erasedOwners;
    private final TopicNames topics;
    private final Clock clock;

    ErasedLetters(
            LetterStore store,
            List<RecordSubjects> readers,
            ErasedOwners erasedOwners,
            TopicNames topics,
            Clock clock) {
        this.store = store;
        this.readers = List.copyOf(readers);
        this.erasedOwners = erasedOwners;
        this.topics = topics;
        this.clock = clock;
    }

    @Override
    public void erase(String clientId, ErasedCustomer customer) {
        store.erase(customer.ticketIds(), customer.addresses(), customer.actor(), now());
        Set<UUID> tickets = new HashSet<>(customer.ticketIds());
        Set<String> addresses = new HashSet<>(customer.addresses());
        for (RecordSubjects reader : readers) {
            String topic = topics.full(reader.topic());
            List<Letter> page = store.whole(topic, new UUID(0, 0), PAGE);
            while (!page.isEmpty()) {
                erase(
                        about(
                                clientId,
                                reader,
                                page,
                                subject -> tickets.contains(subject.ticketId())
                                        || addresses.contains(String.valueOf(subject.address()))),
                        customer.actor());
                page = store.whole(topic, page.getLast().letterId(), PAGE);
            }
        }
    }

    /**
     * Erases what comes too late for the erasure: letters, just added, of tickets whose customer was erased. Of addresses
     * nothing is kept by which a late one could be known.
     *
     * @param owner whose transaction this is
     */
    void eraseLate(String owner, List<Letter> letters) {
        Set<UUID> tickets =
                letters.stream().flatMap(letter -> ticketInKey(letter).stream()).collect(Collectors.toSet());
        Set<UUID> erased = tickets.isEmpty() ? Set.of() : erasedOwners.among(tickets);
        if (!erased.isEmpty()) {
            store.erase(erased, Set.of(), SYSTEM, now());
        }
        if (!owner.equals(Owners.NOBODY)) {
            readers.forEach(reader -> eraseLate(owner, reader, letters));
        }
    }

    private void eraseLate(String clientId, RecordSubjects reader, List<Letter> letters) {
        String topic = topics.full(reader.topic());
        List<Letter> readable =
                letters.stream().filter(letter -> letter.topic().equals(topic)).toList();
        if (readable.isEmpty()) {
            return;
        }
        List<RawRecord> records =
                readable.stream().map(ErasedLetters::asWritten).toList();
        List<Subject> subjects = reader.of(clientId, records);
        Set<UUID> tickets = subjects.stream()
                .flatMap(subject -> Stream.ofNullable(subject.ticketId()))
                .collect(Collectors.toSet());
        Set<UUID> erased = tickets.isEmpty() ? Set.of() : erasedOwners.among(tickets);
        List<UUID> late = new ArrayList<>();
        for (int i = 0; i < readable.size(); i++) {
            UUID ticketId = subjects.get(i).ticketId();
            if (ticketId != null && erased.contains(ticketId)) {
                late.add(readable.get(i).letterId());
            }
        }
        erase(late, SYSTEM);
    }

    private void erase(Collection<UUID> letterIds, String by) {
        if (!letterIds.isEmpty()) {
            store.erase(letterIds, by, now());
        }
    }

    /** Those of the letters of which the value, or what is to be published in its place, is about such a subject. */
    private static Set<UUID> about(
            String clientId, RecordSubjects reader, List<Letter> letters, Predicate<Subject> wanted) {
        List<Letter> edited =
                letters.stream().filter(letter -> letter.edited() != null).toList();
        List<Letter> all = Stream.concat(letters.stream(), edited.stream()).toList();
        List<RawRecord> records = Stream.concat(
                        letters.stream().map(ErasedLetters::asWritten),
                        edited.stream().map(letter -> asRecord(letter, letter.edited())))
                .toList();
        List<Subject> subjects = reader.of(clientId, records);
        Set<UUID> found = new HashSet<>();
        for (int i = 0; i < all.size(); i++) {
            if (wanted.test(subjects.get(i))) {
                found.add(all.get(i).letterId());
            }
        }
        return found;
    }

    private static RawRecord asWritten(Letter letter) {
        return asRecord(letter, letter.value());
    }

    /** Where it lay has no part in what it says. */
    @SuppressWarnings("NullAway") // In another module's class file it does not see that these arrays may be null.
    private static RawRecord asRecord(Letter letter, byte @Nullable [] value) {
        return new RawRecord(letter.topic(), 0, 0, letter.key(), value, letter.headers(), letter.setAsideAt());
    }

    /** Events of a ticket have its id as their key. */
    private static Optional<UUID> ticketInKey(Letter letter) {
        byte[] key = letter.key();
        if (key == null || key.length != UUID_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(new String(key, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
