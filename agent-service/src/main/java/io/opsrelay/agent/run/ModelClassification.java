package io.opsrelay.agent.run;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import io.opsrelay.agent.classify.Questionnaire;
import io.opsrelay.agent.classify.Reading;
import io.opsrelay.agent.classify.UnusableAnswerException;
import io.opsrelay.agent.labels.ClientClassifier;
import io.opsrelay.agent.model.Answer;
import io.opsrelay.agent.model.Model;
import io.opsrelay.agent.model.ModelUnavailableException;
import io.opsrelay.agent.model.Models;
import io.opsrelay.agent.model.Usage;
import io.opsrelay.agent.triage.Intent;
import io.opsrelay.messaging.Ids;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks a model what a ticket is about, where the client's workflow wants that. */
@Component
class ModelClassification {

    private final Models models;
    private final ClientClassifier ownLabels;
    private final Ids ids;

    ModelClassification(Models models, ClientClassifier ownLabels, Ids ids) {
        this.models = models;
        this.ownLabels = ownLabels;
        this.ids = ids;
    }

    /**
     * Asks once. Outside any transaction.
     *
     * @param name of the model
     * @param redacted the ticket's text without personal data: a model sees no other
     */
    Attempt ask(String clientId, String name, String redacted) {
        long began = System.nanoTime();
        Usage usage = Usage.NONE;
        try {
            Optional<Model> model = models.named(name);
            if (model.isEmpty()) {
                return new Attempt(name, null, "no model " + name + " is configured", usage, 0);
            }
            Questionnaire questionnaire = new Questionnaire(categoriesOf(clientId));
            String mark = Prompt.mark(ids);
            Answer answer = model.get()
                    .ask(
                            clientId,
                            List.of(
                                    SystemMessage.from(Prompt.classification(questionnaire.inWords(), mark)),
                                    UserMessage.from(Prompt.ticket(redacted, mark))),
                            questionnaire.format());
            usage = answer.usage();
            return new Attempt(name, questionnaire.read(answer.message().text()), null, usage, millisSince(began));
        } catch (ModelUnavailableException e) {
            return new Attempt(name, null, e.reason(), usage, millisSince(began));
        } catch (UnusableAnswerException e) {
            return new Attempt(
                    name,
                    null,
                    "the answer of model " + name + " was not used: " + e.reason(),
                    usage,
                    millisSince(began));
        }
    }

    private List<String> categoriesOf(String clientId) {
        List<String> own = ownLabels.labels(clientId);
        return own.isEmpty() ? Arrays.stream(Intent.values()).map(Intent::code).toList() : own;
    }

    private static long millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }

    /**
     * What came of asking.
     *
     * @param model its name in the configuration
     * @param reading what it makes of the ticket; null if that is no use
     * @param failure why not
     * @param usage what it used all the same
     * @param millis how long it took
     */
    record Attempt(
            String model,
            @Nullable Reading reading,
            @Nullable String failure,
            Usage usage,
            long millis) {

        /** Why it is no use. */
        String reason() {
            return Objects.requireNonNull(failure);
        }
    }
}
