package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.ingestion.ticket.Reception.Accepted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;

class SharedCommitsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, UUID> ids = new ConcurrentHashMap<>();
    private final List<List<String>> commits = new CopyOnWriteArrayList<>();
    private final List<Thread> storing = new CopyOnWriteArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private volatile boolean down;

    private final SharedCommits shared =
            new SharedCommits((client, ticket) -> store(client, List.of(ticket)).getFirst(), this::store);

    @AfterEach
    void endThreads() {
        held.countDown();
        threads.close();
    }

    @Test
    void aTicketThatComesAloneIsStoredByTheThreadThatBringsIt() {
        held.countDown();

        Reception answer = shared.receive("acme", ticket("one"));

        assertThat(answer).isEqualTo(new Accepted(idOf("one")));
        assertThat(storing).containsExactly(Thread.currentThread());
    }

    @Test
    void thoseThatComeWhileACommitIsUnderWayShareTheNextInTheirOrder() throws Exception {
        Future<Reception> first = bring("acme", ticket("first"));
        awaitStoring(1);
        List<Future<Reception>> others = bringInOrder("acme", "a", "b", "c");
        held.countDown();

        assertThat(first.get()).isEqualTo(new Accepted(idOf("first")));
        for (int i = 0; i < 3; i++) {
            assertThat(others.get(i).get())
                    .isEqualTo(new Accepted(idOf(List.of("a", "b", "c").get(i))));
        }
        assertThat(commits).containsExactly(List.of("first"), List.of("a", "b", "c"));
    }

    @Test
    void nobodyIsLeftWaitingWhenManyComeAtOnce() throws Exception {
        held.countDown();
        List<Future<Reception>> all = IntStream.range(0, 2000)
                .mapToObj(i -> bring("acme", ticket("t" + i)))
                .toList();

        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get()).isEqualTo(new Accepted(idOf("t" + i)));
        }
        assertThat(commits.stream().mapToInt(List::size).sum()).isEqualTo(2000);
    }

    @Test
    void clientsDoNotWaitForEachOther() throws Exception {
        bring("acme", ticket("held"));
        awaitStoring(1);
        Future<Reception> other = bring("globex", ticket("free"));
        awaitStoring(2);
        held.countDown();

        assertThat(other.get()).isEqualTo(new Accepted(idOf("free")));
    }

    @Test
    void twoWithTheSameNameNeverShareACommit() throws Exception {
        bring("acme", ticket("first"));
        awaitStoring(1);
        Future<Reception> a = bring("acme", keyed("a", "same"));
        awaitWaiting(1);
        Future<Reception> b = bring("acme", keyed("b", "same"));
        awaitWaiting(2);
        held.countDown();

        a.get();
        b.get();
        assertThat(commits).containsExactly(List.of("first"), List.of("a"), List.of("b"));
    }

    @Test
    void whatOneTicketDidWrongTheOthersDoNotSufferFrom() throws Exception {
        bring("acme", ticket("first"));
        awaitStoring(1);
        List<Future<Reception>> others = bringInOrder("acme", "good", "bad", "fine");
        held.countDown();

        assertThat(others.get(0).get()).isEqualTo(new Accepted(idOf("good")));
        assertThat(others.get(2).get()).isEqualTo(new Accepted(idOf("fine")));
        assertThatThrownBy(() -> others.get(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(DataIntegrityViolationException.class);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsToldToAllWhoSharedAndAskedOnce() throws Exception {
        bring("acme", ticket("first"));
        awaitStoring(1);
        List<Future<Reception>> others = bringInOrder("acme", "a", "b");
        down = true;
        held.countDown();

        for (Future<Reception> other : others) {
            assertThatThrownBy(other::get).hasCauseInstanceOf(DataAccessResourceFailureException.class);
        }
        assertThat(commits).containsExactly(List.of("first"), List.of("a", "b"));
        down = false;
        assertThat(shared.receive("acme", ticket("again"))).isEqualTo(new Accepted(idOf("again")));
    }

    private List<Future<Reception>> bringInOrder(String client, String... subjects) {
        List<Future<Reception>> brought = new ArrayList<>();
        for (String subject : subjects) {
            brought.add(bring(client, ticket(subject)));
            awaitWaiting(brought.size());
        }
        return brought;
    }

    private Future<Reception> bring(String client, HandedTicket ticket) {
        CompletableFuture<Reception> answer = new CompletableFuture<>();
        threads.submit(() -> {
            try {
                answer.complete(shared.receive(client, ticket));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private void awaitStoring(int count) {
        Awaitility.await().atMost(PATIENCE).until(() -> storing.size() >= count);
    }

    private void awaitWaiting(int count) {
        Awaitility.await().atMost(PATIENCE).until(() -> shared.waiting("acme") == count);
    }

    private List<Reception> store(String client, List<HandedTicket> tickets) {
        List<String> subjects =
                tickets.stream().map(one -> one.ticket().subject()).toList();
        commits.add(subjects);
        storing.add(Thread.currentThread());
        if (client.equals("acme")) {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (down && !subjects.contains("first")) {
            throw new DataAccessResourceFailureException("the database cannot answer");
        }
        if (subjects.contains("bad")) {
            throw new DataIntegrityViolationException("bad");
        }
        return subjects.stream()
                .<Reception>map(subject -> new Accepted(idOf(subject)))
                .toList();
    }

    private UUID idOf(String subject) {
        return ids.computeIfAbsent(subject, _ -> UUID.randomUUID());
    }

    private static HandedTicket ticket(String subject) {
        return handed(subject, null);
    }

    private static HandedTicket keyed(String subject, String key) {
        return handed(subject, new RequestKey(key, "00"));
    }

    private static HandedTicket handed(String subject, @Nullable RequestKey key) {
        return new HandedTicket(
                new NewTicket(
                        "api", "api", subject, "body", "eve@example.com", false, null, null, Map.of(), "user:eve"),
                key);
    }
}
