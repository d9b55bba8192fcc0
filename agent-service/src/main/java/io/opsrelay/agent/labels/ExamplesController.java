package io.opsrelay.agent.labels;

import io.opsrelay.agent.labels.ExampleStore.Counts;
import io.opsrelay.agent.labels.ExampleStore.Example;
import io.opsrelay.agent.labels.ExampleStore.Source;
import io.opsrelay.agent.learning.BadExampleException;
import io.opsrelay.agent.learning.ExampleFormat;
import io.opsrelay.agent.learning.LabelledText;
import io.opsrelay.agent.privacy.Redactor;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What a client's classifier learns from: examples in bulk, and corrections one by one. */
@RestController
@RequestMapping("/api/v1/agent/classifier")
class ExamplesController {

    private static final String JSON_LINES = "application/x-ndjson";
    private static final String CSV = "text/csv";

    private final ExampleStore examples;
    private final Training training;
    private final ClientTransactions transactions;
    private final Clock clock;
    private final LabelsProperties properties;
    private final Redactor redactor = Redactor.shipped();

    ExamplesController(
            ExampleStore examples,
            Training training,
            ClientTransactions transactions,
            Clock clock,
            LabelsProperties properties) {
        this.examples = examples;
        this.training = training;
        this.transactions = transactions;
        this.clock = clock;
        this.properties = properties;
    }

    /** Replaces what was sent before; corrections of people stay. */
    @PutMapping(
            path = "/examples",
            consumes = {JSON_LINES, CSV, MediaType.APPLICATION_JSON_VALUE})
    @RequiresRole(Role.ADMIN)
    Taken replaceExamples(Caller caller, HttpServletRequest request, @RequestBody InputStreamResource body)
            throws IOException {
        return take(caller, request, body, true);
    }

    /** Adds to what was sent before. */
    @PostMapping(
            path = "/examples",
            consumes = {JSON_LINES, CSV, MediaType.APPLICATION_JSON_VALUE})
    @RequiresRole(Role.ADMIN)
    Taken addExamples(Caller caller, HttpServletRequest request, @RequestBody InputStreamResource body)
            throws IOException {
        return take(caller, request, body, false);
    }

    @GetMapping("/examples")
    @RequiresRole(Role.ADMIN)
    Page<Example> listExamples(
            Caller caller,
            PageRequest page,
            @RequestParam(required = false) @Nullable String label,
            @RequestParam(required = false) @Nullable String source) {
        Source wanted = sourceOf(source);
        List<Example> found = transactions.read(caller.clientId(), () -> examples.list(label, wanted, page));
        return Page.of(found, page.limit(), example -> new Cursor(example.createdAt(), example.exampleId()));
    }

    /** Removes those of one source, or all, corrections included. A model that learned from them stays. */
    @DeleteMapping("/examples")
    @RequiresRole(Role.ADMIN)
    Removed deleteExamples(Caller caller, @RequestParam(required = false) @Nullable String source) {
        Source wanted = sourceOf(source);
        return new Removed(transactions.call(caller.clientId(), () -> examples.delete(wanted)));
    }

    /** A person says what a text is about. Enough of these set off a training. */
    @PostMapping("/corrections")
    @RequiresRole({Role.AGENT, Role.ADMIN})
    @ResponseStatus(HttpStatus.CREATED)
    Corrected correct(Caller caller, @RequestBody Correction correction) {
        LabelledText example = redacted(correction.example());
        return transactions.call(caller.clientId(), () -> {
            UUID id = examples.correct(
                    caller.clientId(), correction.ticketId(), example, caller.asActor(), clock.instant());
            refuseTooMany();
            Integer version = training.startIfDue(caller.clientId())
                    .map(VersionStore.Version::version)
                    .orElse(null);
            return new Corrected(id, version);
        });
    }

    /** Examples are kept as tickets are classified: without personal data. */
    private LabelledText redacted(LabelledText example) {
        return new LabelledText(redactor.redact(example.text()).text(), example.label());
    }

    private Taken take(Caller caller, HttpServletRequest request, InputStreamResource body, boolean replace)
            throws IOException {
        ExampleFormat format = formatOf(MediaType.parseMediaType(String.valueOf(request.getContentType())));
        // Kept in a file until all of it has come: a slow sender holds no connection to the database meanwhile.
        Path file = Files.createTempFile("opsrelay-examples-", ".part");
        try {
            try (InputStream in = body.getInputStream()) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return transactions.call(caller.clientId(), () -> store(caller, file, format, replace));
        } catch (BadExampleException e) {
            throw ProblemException.badRequest("line " + e.line(), String.valueOf(e.getMessage()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Taken store(Caller caller, Path file, ExampleFormat format, boolean replace) {
        examples.lock(caller.clientId());
        if (replace) {
            examples.delete(Source.UPLOAD);
        }
        ExampleStore.Upload upload = examples.upload(caller.clientId(), caller.asActor(), clock.instant());
        try (InputStream in = Files.newInputStream(file)) {
            format.read(in, example -> {
                upload.accept(redacted(example));
                if (upload.added() > properties.mostExamples()) {
                    throw tooMany(upload.added());
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        upload.end();
        Counts counts = refuseTooMany();
        return new Taken(upload.added(), counts.examples(), counts.labels());
    }

    private Counts refuseTooMany() {
        Counts counts = examples.counts();
        if (counts.examples() > properties.mostExamples()) {
            throw tooMany(counts.examples());
        }
        if (counts.labels() > properties.mostLabels()) {
            throw ProblemException.unprocessable(
                    "label",
                    "there would be " + counts.labels() + " different ones, at most " + properties.mostLabels()
                            + " can be told apart");
        }
        return counts;
    }

    private ProblemException tooMany(int examples) {
        return ProblemException.unprocessable(
                "examples",
                "there would be " + examples + " or more, at most " + properties.mostExamples() + " are kept");
    }

    private static ExampleFormat formatOf(MediaType type) {
        return switch (type.getSubtype()) {
            case "x-ndjson" -> ExampleFormat.JSON_LINES;
            case "csv" -> ExampleFormat.CSV;
            default -> ExampleFormat.JSON_ARRAY;
        };
    }

    private static @Nullable Source sourceOf(@Nullable String code) {
        if (code == null) {
            return null;
        }
        return Arrays.stream(Source.values())
                .filter(source -> source.code().equals(code))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest("source", "must be upload or correction"));
    }

    /**
     * What was taken.
     *
     * @param added examples of this request
     * @param examples how many there are now, corrections included
     * @param labels how many different labels they have
     */
    record Taken(int added, int examples, int labels) {}

    /** So many were removed. */
    record Removed(int removed) {}

    /**
     * What a person says.
     *
     * @param ticketId the ticket that the text is from; its last correction counts
     */
    record Correction(
            @Nullable UUID ticketId,
            @Nullable String text,
            @Nullable String label) {

        LabelledText example() {
            if (text == null || label == null) {
                throw ProblemException.badRequest(text == null ? "text" : "label", "is missing");
            }
            try {
                return new LabelledText(text, label);
            } catch (IllegalArgumentException e) {
                String reason = String.valueOf(e.getMessage());
                throw ProblemException.unprocessable(reason.startsWith("the label") ? "label" : "text", reason);
            }
        }
    }

    /**
     * It is kept.
     *
     * @param trainingVersion the version whose training it has set off
     */
    record Corrected(UUID exampleId, @Nullable Integer trainingVersion) {}
}
