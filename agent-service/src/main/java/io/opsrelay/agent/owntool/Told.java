package io.opsrelay.agent.owntool;

/**
 * What came of asking a tool.
 *
 * @param status in a word or two, for the run's steps
 * @param text what the tool says, or why it says nothing
 * @param millis how long it took
 */
public record Told(Kind kind, String status, String text, long millis) {

    /** What kind of text it is. */
    public enum Kind {
        /** The tool knows it. */
        ANSWER,
        /** The tool says why it knows nothing; its words, which are nobody's facts. */
        DECLINED,
        /** There is no answer; our words. */
        FAILED
    }

    /** The same with another text. */
    public Told with(String changed) {
        return new Told(kind, status, changed, millis);
    }

    static Told answer(String status, String text) {
        return new Told(Kind.ANSWER, status, text, 0);
    }

    static Told declined(String status, String text) {
        return new Told(Kind.DECLINED, status, text, 0);
    }

    static Told failed(String status, String reason) {
        return new Told(Kind.FAILED, status, reason, 0);
    }

    /** It would be told whose ticket it is, and nobody knows that. */
    static Told strange() {
        return failed("refused", "it is asked only for senders who are known to be who they say");
    }

    Told after(long took) {
        return new Told(kind, status, text, took);
    }
}
