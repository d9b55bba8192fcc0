package io.opsrelay.agent.labels;

import io.opsrelay.agent.learning.LabelModel;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Says which of a client's own labels a text gets. The client's version is looked up again every second, so that all
 * instances notice a switch; models stay in memory as far as there is room.
 */
@Component
public class ClientClassifier {

    private static final Logger LOG = LoggerFactory.getLogger(ClientClassifier.class);
    private static final int MOST_CHOICES = 10_000;

    private final VersionStore versions;
    private final ClientTransactions transactions;
    private final LabelsProperties properties;
    private final LoadedModels models;
    private final Map<String, Choice> choices = new ConcurrentHashMap<>();

    ClientClassifier(VersionStore versions, ClientTransactions transactions, LabelsProperties properties) {
        this.versions = versions;
        this.transactions = transactions;
        this.properties = properties;
        this.models = new LoadedModels(properties.cache().toBytes(), this::load);
    }

    /** Classifies a text of any length; empty for a client that has no classifier of its own. Outside any transaction. */
    public Optional<OwnLabel> classify(String clientId, String text) {
        return chosen(clientId)
                .flatMap(version -> models.get(clientId, version).map(model -> label(model.classify(text), version)));
    }

    /** The labels that it chooses from; none for a client that has no classifier of its own. Outside any transaction. */
    public List<String> labels(String clientId) {
        return chosen(clientId)
                .flatMap(version -> models.get(clientId, version))
                .map(LabelModel::labels)
                .orElse(List.of());
    }

    /** Another version classifies from now on: this instance knows it at once. */
    void switched(String clientId) {
        choices.remove(clientId);
    }

    private Optional<Integer> chosen(String clientId) {
        Choice known = choices.get(clientId);
        long now = System.nanoTime();
        if (known != null && now - known.lookedAt() < properties.lookAgain().toNanos()) {
            return known.version();
        }
        if (choices.size() >= MOST_CHOICES) {
            choices.clear();
        }
        Optional<Integer> version = transactions.read(clientId, versions::chosen);
        choices.put(clientId, new Choice(version, now));
        return version;
    }

    private Optional<LabelModel> load(String clientId, int version) {
        Optional<byte[]> bytes = transactions.read(clientId, () -> versions.model(version));
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LabelModel.read(new ByteArrayInputStream(bytes.get())));
        } catch (IOException e) {
            LOG.error(
                    "Version {} of {}'s classifier cannot be used, its tickets get none of its labels",
                    version,
                    clientId,
                    e);
            return Optional.empty();
        }
    }

    private static OwnLabel label(LabelModel.Answer answer, int version) {
        return new OwnLabel(answer.label(), answer.confidence(), answer.outOfScope(), answer.candidates(), version);
    }

    private record Choice(Optional<Integer> version, long lookedAt) {}
}
