package io.opsrelay.action.remote;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Calls of systems that need not keep our keys: each is written down before it is made. So it is certain that nothing was
 * done where nothing is written down, and known where it is too early to believe a system that has no trace of a call.
 */
@Component
public class RemoteCalls {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteCalls.class);

    private final RemoteCallStore store;
    private final MeterRegistry meters;

    RemoteCalls(RemoteCallStore store, MeterRegistry meters) {
        this.store = store;
        this.meters = meters;
    }

    /**
     * Makes a call.
     *
     * @param system its name, as metrics have it
     * @param mark what the system shows before, to tell later what came of the call; asked for before anything is done
     * @throws OutcomeUnknownException if it may have been done or not, or was not done and can be soon
     */
    public Answer call(
            String system, String clientId, String idempotencyKey, Supplier<String> mark, Supplier<Answer> call) {
        String outcome = "unknown";
        try {
            store.begin(clientId, idempotencyKey, mark.get());
            Answer answer = call.get();
            outcome = inAWord(answer);
            return answer;
        } catch (BusyException e) {
            outcome = "busy";
            store.forget(clientId, idempotencyKey);
            throw new OutcomeUnknownException(e.reason(), e);
        } catch (NoReplyException e) {
            Answer.Refused refused = RemoteSystem.refusal(e);
            outcome = inAWord(refused);
            return refused;
        } catch (SecretFile.UnreadableException e) {
            LOG.error("An action of {} cannot be done", clientId, e);
            outcome = "refused";
            return new Answer.Refused("secret_unreadable", "the file with our credentials cannot be read");
        } finally {
            RemoteMetric.CALLS.count(meters, system, outcome);
        }
    }

    /**
     * What came of the calls with that key.
     *
     * @param system its name, as metrics have it
     * @param settle how long after a call the system may still have no trace of what it will do
     * @param question asked with the mark of the first call
     * @throws OutcomeUnknownException if the system does not tell, or it is too early to say
     */
    public Optional<Answer> ask(
            String system,
            String clientId,
            String idempotencyKey,
            Duration settle,
            Function<String, Optional<Answer>> question) {
        RemoteCallStore.Call call = store.find(clientId, idempotencyKey).orElse(null);
        if (call == null) {
            return Optional.empty();
        }
        String outcome = "unknown";
        try {
            Optional<Answer> answer = answerTo(clientId, question, call);
            if (answer.isEmpty() && store.tooEarly(call, settle)) {
                outcome = "too_early";
                throw new OutcomeUnknownException(
                        "there is no trace of it, and it is too early to be sure",
                        new IllegalStateException("called at " + call.at()));
            }
            outcome = answer.map(RemoteCalls::inAWord).orElse("nothing");
            return answer;
        } finally {
            RemoteMetric.QUESTIONS.count(meters, system, outcome);
        }
    }

    private static Optional<Answer> answerTo(
            String clientId, Function<String, Optional<Answer>> question, RemoteCallStore.Call call) {
        try {
            return question.apply(call.mark());
        } catch (BusyException e) {
            throw new OutcomeUnknownException(e.reason(), e);
        } catch (NoReplyException e) {
            throw new OutcomeUnknownException(e.reason(), e);
        } catch (SecretFile.UnreadableException e) {
            LOG.error("What became of an action of {} cannot be asked", clientId, e);
            throw new OutcomeUnknownException("the file with our credentials cannot be read", e);
        }
    }

    private static String inAWord(Answer answer) {
        return switch (answer) {
            case Answer.Done _ -> "done";
            case Answer.Accepted _ -> "accepted";
            case Answer.Refused _ -> "refused";
        };
    }
}
