package io.opsrelay.benchmarks.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RunBooksTest {

    private final RunBooks books = new RunBooks();

    @Test
    void aTicketThatIsAnsweredOnceAndInOrderIsSound() {
        books.written("t", 7);
        begin("t");
        complete("t", "Your question has number 7.");

        assertThat(books.completed()).isEqualTo(1);
        assertThat(books.missing()).isZero();
        assertThat(books.wrong()).isEmpty();
        assertThat(books.otherEnds()).isEmpty();
    }

    @Test
    void whatIsWrittenAndNotCompletedIsMissing() {
        books.written("t", 7);
        begin("t");

        assertThat(books.missing()).isEqualTo(1);
    }

    @Test
    void theReplyToAnotherTicketIsSeen() {
        books.written("t", 7);
        begin("t");
        complete("t", "Your question has number 77.");

        assertThat(books.wrong()).singleElement().asString().contains("its number 7");
    }

    @Test
    void whatIsSaidTwiceOrTooEarlyIsSeen() {
        books.written("t", 7);
        say("t", "ticket.classified", "{}");
        assertThat(books.wrong()).singleElement().asString().contains("classified.v1 instead of", "run.started");

        begin("t");
        complete("t", "Your number 7.");
        complete("t", "Your number 7.");

        assertThat(books.wrong()).hasSize(2).last().asString().contains("instead of nothing more");
        assertThat(books.completed()).isEqualTo(1);
    }

    @Test
    void endsThatAreNoAnswerAreCountedByTheirReason() {
        books.written("t", 7);
        begin("t");
        say("t", "run.completed", "{\"outcome\":\"escalated\",\"reason\":\"no idea\"}");

        assertThat(books.otherEnds()).containsEntry("escalated: no idea", 1);
    }

    @Test
    void ticketsOfOthersAreNoneOfTheirBusiness() {
        begin("other");

        assertThat(books.wrong()).isEmpty();
    }

    private void begin(String ticket) {
        say(ticket, "run.started", "{}");
        say(ticket, "ticket.classified", "{}");
        say(ticket, "run.tools_called", "{}");
        say(ticket, "ticket.reply_drafted", "{}");
    }

    private void complete(String ticket, String reply) {
        say(ticket, "run.completed", "{\"outcome\":\"resolved\",\"reply\":\"" + reply + "\"}");
    }

    private void say(String ticket, String type, String data) {
        books.seen(ticket, "io.opsrelay." + type + ".v1", data.getBytes(StandardCharsets.UTF_8));
    }
}
