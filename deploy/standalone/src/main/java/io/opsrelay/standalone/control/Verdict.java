package io.opsrelay.standalone.control;

/** What became of a wish. */
sealed interface Verdict {

    /** New and journalled; it is done once {@link Operations#begin} is called. */
    record Accepted(Operation operation) implements Verdict {}

    /** The same wish with the same key was there before; this is how it stands. */
    record Known(Operation operation) implements Verdict {}

    record Refused(Refusal refusal, String detail) implements Verdict {}

    /** Why a wish is not done. */
    enum Refusal {
        KEY_TAKEN(409),
        BUSY(409),
        UNKNOWN_SERVICE(404),
        REPLICAS_OUT_OF_RANGE(422),
        STARTING(503);

        final int status;

        Refusal(int status) {
            this.status = status;
        }
    }
}
