package io.opsrelay.agent.run;

import io.opsrelay.agent.classify.Understander;
import io.opsrelay.agent.classify.Understanding;
import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.privacy.Redacted;
import io.opsrelay.agent.privacy.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the tickets of runs: what waits for an answer, and what was said before that, without personal data. */
@Component
class Readings {

    /** So much of what was said before is told, the newest of it: what the customer writes now needs the room. */
    static final int MOST_BEFORE = 8_000;

    private final Redactor redactor = Redactor.shipped();
    private final Understander understander;

    Readings(Understander understander) {
        this.understander = understander;
    }

    /** @param before what tokens of the ticket stand for already */
    Understanding of(Run run, Mapping before) {
        return understander.understand(run.clientId(), run.toAnswer(), before, KnownNames.of(run.ticket()));
    }

    /**
     * What was said before, without personal data.
     *
     * @param text each line of somebody's words begins with {@code >}, so that no words can pass for another's
     * @param mapping what all tokens of the ticket stand for, those of before included
     * @param messages how many there are
     */
    record Before(String text, Mapping mapping, int messages) {}

    /** @param known what tokens of the ticket stand for already */
    @Nullable
    Before before(Run run, Mapping known) {
        Earlier earlier = run.earlier();
        if (earlier == null) {
            return null;
        }
        List<Earlier.Told> newestFirst = earlier.before(run.ticket());
        List<String> parts = new ArrayList<>();
        Mapping mapping = known;
        int left = MOST_BEFORE;
        for (Earlier.Told told : newestFirst) {
            Redacted redacted = redactor.redact(told.text(), mapping, KnownNames.of(run.ticket()));
            mapping = redacted.mapping();
            String part = told.head() + "\n" + quoted(clipped(redacted.text(), left));
            parts.add(part.strip());
            left -= part.length();
            if (left <= 0) {
                break;
            }
        }
        return new Before(String.join("\n\n", parts.reversed()), mapping, newestFirst.size());
    }

    /** After the redaction: half of a value would not be known as one. */
    private static String clipped(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + " [cut off]";
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : text.lines().map(line -> "> " + line).collect(Collectors.joining("\n"));
    }
}
