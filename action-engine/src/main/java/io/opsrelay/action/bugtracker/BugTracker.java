package io.opsrelay.action.bugtracker;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.BusyException;
import io.opsrelay.action.remote.NoReplyException;
import java.time.Duration;
import java.util.Optional;

/**
 * Where one client's bug reports go. All calls may block, and may throw {@link NoReplyException} or {@link BusyException};
 * a report whose filing threw the first may be there all the same, and {@link #find} tells.
 */
interface BugTracker {

    /** Its name as people see it, e.g. {@code github}. */
    String name();

    /** Where in it reports go, as people see it, e.g. {@code acme/shop}. */
    String place();

    /** What it shows before a report, to tell later ones from earlier ones. */
    String mark();

    /** Files a report that holds the key. */
    Answer file(String idempotencyKey, BugReport report);

    /** The report with that key, the first of which was filed when the tracker showed {@code mark}. */
    Optional<Answer> find(String idempotencyKey, String mark);

    /** How long after a call it may still have no trace of the report. */
    Duration settle();
}
