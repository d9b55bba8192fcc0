package io.opsrelay.agent.labels;

import io.opsrelay.agent.labels.VersionStore.Version;
import io.opsrelay.agent.learning.LabelFigures;
import io.opsrelay.agent.learning.LabelTrainer;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** A client's own classifier: how good it is, and which of its versions classifies. */
@RestController
@RequestMapping("/api/v1/agent/classifier")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class ClassifierController {

    private final ExampleStore examples;
    private final VersionStore versions;
    private final Training training;
    private final ClientClassifier classifier;
    private final ClientTransactions transactions;

    ClassifierController(
            ExampleStore examples,
            VersionStore versions,
            Training training,
            ClientClassifier classifier,
            ClientTransactions transactions) {
        this.examples = examples;
        this.versions = versions;
        this.training = training;
        this.classifier = classifier;
        this.transactions = transactions;
    }

    @GetMapping
    ClassifierView classifier(Caller caller) {
        return transactions.read(caller.clientId(), () -> {
            List<Version> all = versions.all();
            Optional<Version> active = all.stream().filter(Version::active).findFirst();
            Optional<LabelFigures> figures = active.flatMap(version -> versions.figures(version.version()));
            return ClassifierView.of(all.isEmpty() ? null : all.getFirst(), active.orElse(null), figures.orElse(null));
        });
    }

    /** Trains on the examples as they stand when the training begins; the version that comes of it then classifies. */
    @PostMapping("/train")
    @RequiresRole(Role.ADMIN)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started train(Caller caller) {
        return transactions.call(caller.clientId(), () -> {
            if (examples.labelsWith(LabelTrainer.LEAST_EXAMPLES) < 2) {
                throw ProblemException.unprocessable(
                        "examples",
                        "a classifier needs at least 2 labels with at least " + LabelTrainer.LEAST_EXAMPLES
                                + " different examples each");
            }
            Version version = training.start(caller.clientId(), caller.asActor())
                    .orElseThrow(() -> ProblemException.conflict("a training is under way; wait until it has ended"));
            return new Started(version.version(), version.status());
        });
    }

    @GetMapping("/versions")
    Page<VersionView> listVersions(Caller caller) {
        return new Page<>(
                transactions.read(caller.clientId(), versions::all).stream()
                        .map(VersionView::of)
                        .toList(),
                null);
    }

    /** Lets an older version classify again, or a newer one. */
    @PostMapping("/versions/{version}/activate")
    @RequiresRole(Role.ADMIN)
    VersionView activate(Caller caller, @PathVariable String version) {
        VersionView activated = transactions.call(caller.clientId(), () -> {
            int number = numberOf(version);
            Version found = versions.find(number)
                    .orElseThrow(() -> ProblemException.notFound("version of the classifier", version));
            if (!found.isReady()) {
                throw ProblemException.conflict("version " + number + " is " + found.status() + ", not ready");
            }
            versions.choose(caller.clientId(), number);
            return VersionView.of(versions.find(number).orElseThrow());
        });
        classifier.switched(caller.clientId());
        return activated;
    }

    private static int numberOf(String version) {
        try {
            return Integer.parseInt(version);
        } catch (NumberFormatException e) {
            throw ProblemException.notFound("version of the classifier", version);
        }
    }

    /** A training was left to be done. */
    record Started(
            int version,

            @DescribedAs(oneOf = {"training", "ready", "failed"})
            String status) {}

    /** A version as people see it. */
    record VersionView(
            int version,

            @DescribedAs(oneOf = {"training", "ready", "failed"})
            String status,

            boolean active,
            @Nullable String reason,
            double progress,
            String requestedBy,
            Instant requestedAt,
            @Nullable Instant finishedAt,
            @Nullable Integer examples,
            @Nullable Integer labels,
            @Nullable Double accuracy,
            @Nullable Double calibrationError,
            List<String> leftOut) {

        static VersionView of(Version version) {
            return new VersionView(
                    version.version(),
                    version.status(),
                    version.active(),
                    version.reason(),
                    version.progress(),
                    version.requestedBy(),
                    version.requestedAt(),
                    version.finishedAt(),
                    version.examples(),
                    version.labels(),
                    version.accuracy(),
                    version.calibrationError(),
                    version.leftOut());
        }
    }

    /**
     * The classifier as people see it. The figures are those of the version that classifies.
     *
     * @param status of the newest training: none, training, ready or failed
     * @param version the one that classifies; absent if none does
     * @param newestVersion the one that was trained last, or is being trained
     * @param reason why the newest training failed
     * @param progress share of the newest training that is done, 0 to 1
     * @param accuracy share of examples that were labelled rightly when they were held back, 0 to 1
     * @param calibrationError how far confidence and accuracy lie apart, 0 to 1
     * @param leftOut labels with too few examples to be learned
     * @param labelFigures of each label
     * @param confusion which labels were taken for which others
     */
    record ClassifierView(
            @DescribedAs(oneOf = {"none", "training", "ready", "failed"})
            String status,

            @Nullable Integer version,
            @Nullable Integer newestVersion,
            @Nullable String reason,
            @Nullable Double progress,
            @Nullable Instant trainedAt,
            @Nullable Integer examples,
            @Nullable Integer labels,
            @Nullable Double accuracy,
            @Nullable Double macroF1,
            @Nullable Double calibrationError,
            List<String> leftOut,
            List<LabelFigures.OfLabel> labelFigures,
            List<LabelFigures.Confused> confusion) {

        static ClassifierView of(@Nullable Version newest, @Nullable Version active, @Nullable LabelFigures figures) {
            return new ClassifierView(
                    newest == null ? "none" : newest.status(),
                    active == null ? null : active.version(),
                    newest == null ? null : newest.version(),
                    newest == null ? null : newest.reason(),
                    newest == null ? null : newest.progress(),
                    active == null ? null : active.finishedAt(),
                    active == null ? null : active.examples(),
                    active == null ? null : active.labels(),
                    active == null ? null : active.accuracy(),
                    figures == null ? null : figures.macroF1(),
                    active == null ? null : active.calibrationError(),
                    active == null ? List.of() : active.leftOut(),
                    figures == null ? List.of() : figures.labels(),
                    figures == null ? List.of() : figures.confusion());
        }
    }
}
