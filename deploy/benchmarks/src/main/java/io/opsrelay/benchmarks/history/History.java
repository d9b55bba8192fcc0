package io.opsrelay.benchmarks.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a system, what it answered and sent meanwhile, and how it stood when it had come to rest.
 *
 * @param load what was to be posted, and how much of it was
 * @param posts requests for tickets
 * @param tickets those that are stored
 * @param approvals all that there are
 * @param actions all that there are
 * @param effects all that the provider's journal holds
 * @param dashboards what each was sent
 * @param foreign where somebody was shown what belongs to another client, in words
 * @param poison keys of the records that were written to be set aside
 * @param deadLetters records that were set aside
 * @param runs of the agent over the tickets
 * @param feed what the feed's topic holds, at least since the first dashboard came
 */
public record History(
        Load load,
        List<Post> posts,
        List<Ticket> tickets,
        List<Approval> approvals,
        List<Action> actions,
        List<Effect> effects,
        List<Dashboard> dashboards,
        List<String> foreign,
        Set<String> poison,
        List<DeadLetter> deadLetters,
        List<Run> runs,
        List<Written> feed) {

    public History {
        posts = List.copyOf(posts);
        tickets = List.copyOf(tickets);
        approvals = List.copyOf(approvals);
        actions = List.copyOf(actions);
        effects = List.copyOf(effects);
        dashboards = List.copyOf(dashboards);
        foreign = List.copyOf(foreign);
        poison = Set.copyOf(poison);
        deadLetters = List.copyOf(deadLetters);
        runs = List.copyOf(runs);
        feed = List.copyOf(feed);
    }

    /** One in which nothing happened. */
    public static History empty() {
        return new History(
                Load.NONE, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), Set.of(),
                List.of(), List.of(), List.of());
    }

    /** With these posts and what came of them instead. */
    public History withTickets(List<Post> itsPosts, List<Ticket> others) {
        return new History(
                load,
                itsPosts,
                others,
                approvals,
                actions,
                effects,
                dashboards,
                foreign,
                poison,
                deadLetters,
                runs,
                feed);
    }

    /** With what dashboards were sent, and the feed held, until now instead. */
    public History withDashboards(List<Dashboard> others, List<Written> itsFeed) {
        return new History(
                load, posts, tickets, approvals, actions, effects, others, foreign, poison, deadLetters, runs, itsFeed);
    }

    /** With these runs instead. */
    public History withRuns(List<Run> others) {
        return new History(
                load,
                posts,
                tickets,
                approvals,
                actions,
                effects,
                dashboards,
                foreign,
                poison,
                deadLetters,
                others,
                feed);
    }

    /** With these actions and what they need and did instead. */
    public History withActions(List<Approval> itsApprovals, List<Action> others, List<Effect> itsEffects) {
        return new History(
                load,
                posts,
                tickets,
                itsApprovals,
                others,
                itsEffects,
                dashboards,
                foreign,
                poison,
                deadLetters,
                runs,
                feed);
    }

    /**
     * All wishes for tickets together.
     *
     * @param offered that were due
     * @param skipped of these, that were never sent, since too many senders waited for their answers
     * @param givenUp keys of those that a sender gave up, having asked again and again
     * @param lasting from the first to the last that was due
     */
    public record Load(long offered, long skipped, Set<String> givenUp, Duration lasting) {

        static final Load NONE = new Load(0, 0, Set.of(), Duration.ZERO);

        public Load {
            givenUp = Set.copyOf(givenUp);
        }

        /** How many of them were sent. */
        public long sent() {
            return offered - skipped;
        }
    }

    /**
     * One wish for a ticket, however often it was sent.
     *
     * @param key what the sender calls it, the same each time
     * @param good whether it can be served; what cannot must change nothing
     * @param answers what was answered, without the times when nothing was
     */
    public record Post(String client, String key, boolean good, List<Answer> answers) {

        public Post {
            answers = List.copyOf(answers);
        }
    }

    /** @param ticketId absent where none was named */
    public record Answer(int status, @Nullable String ticketId) {

        boolean isAcknowledgement() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * A stored ticket.
     *
     * @param key of the post that it came of
     */
    public record Ticket(String client, String ticketId, String key, String status, List<Entry> timeline) {

        public Ticket {
            timeline = List.copyOf(timeline);
        }
    }

    /**
     * A line of a ticket's timeline.
     *
     * @param data what tells it from others of its kind: ids, attempts
     */
    public record Entry(long seq, String event, Map<String, String> data) {

        public Entry {
            data = Map.copyOf(data);
        }
    }

    /** @param decision what a person sent, absent if nobody did */
    public record Approval(
            String client,
            String approvalId,
            String actionId,
            String status,
            @Nullable String decision) {}

    /**
     * Something to be done outside.
     *
     * @param order what it is done to
     * @param failureCode why it was not done, absent where it was or nothing is said
     * @param effectId the provider's name for what was done, once it is known
     */
    public record Action(
            String client,
            String actionId,
            @Nullable String order,
            String status,
            @Nullable String failureCode,
            @Nullable String approvalId,
            @Nullable String effectId,
            List<Step> steps) {

        public Action {
            steps = List.copyOf(steps);
        }
    }

    public record Step(String step, Instant at) {}

    /** Something that the provider has done. */
    public record Effect(String client, String effectId, String order, String idempotencyKey, Instant at) {}

    /** @param sights in the order in which they came, over all its connections */
    public record Dashboard(String client, String name, List<Sight> sights) {

        public Dashboard {
            sights = List.copyOf(sights);
        }
    }

    /** What a dashboard was sent. */
    public sealed interface Sight {

        /** Another connection. */
        record Connected() implements Sight {}

        /**
         * A subscription stands.
         *
         * @param asked the position from which to go on, absent for a first subscription
         * @param offset where the channel stood
         */
        record Subscribed(String channel, @Nullable Long asked, long offset, boolean recovered) implements Sight {}

        /**
         * An event.
         *
         * @param prev absent where the gateway does not say
         */
        record Frame(String channel, long offset, @Nullable Long prev, String key, long version) implements Sight {}

        /** Something is lost, and the dashboard was told. */
        record Resync(String channel) implements Sight {}

        /** Up to here everything was sent of what is subscribed to on this connection. */
        record Complete(long offset) implements Sight {}

        /** The gateway stops, and asks to go on elsewhere. */
        record SentAway() implements Sight {}
    }

    public record DeadLetter(String topic, String key, String reason) {}

    /**
     * One pass of the agent over a ticket.
     *
     * @param messages what was said with a model, in order; empty where none had a part in it
     */
    public record Run(String client, String runId, String ticketId, String status, List<Said> messages) {

        public Run {
            messages = List.copyOf(messages);
        }
    }

    /**
     * Something that was said with a model.
     *
     * @param calls ids of the tools' calls that a model made
     * @param answers id of the call whose result this is
     */
    public record Said(List<String> calls, @Nullable String answers) {

        public Said {
            calls = List.copyOf(calls);
        }
    }
}
