package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.model.Embedded;
import io.opsrelay.agent.model.Embedder;
import io.opsrelay.agent.model.ModelUnavailableException;
import io.opsrelay.agent.model.Usage;
import io.opsrelay.agent.privacy.Kind;
import io.opsrelay.agent.privacy.Redactor;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * Asks the embedding model what questions mean. It never sees personal data: what was redacted goes without its tokens, and
 * what was not is redacted here.
 */
@Component
public class Meanings {

    private final Embedder embedder;
    private final Redactor redactor = Redactor.shipped();

    Meanings(Embedder embedder) {
        this.embedder = embedder;
    }

    /** The meaning of one question, as {@link #of(String, List)}. */
    public Meaning of(String clientId, String question) {
        return of(clientId, List.of(question)).getFirst();
    }

    /** The meanings of questions, in their order. Outside any transaction; takes about two seconds at most. */
    public List<Meaning> of(String clientId, List<String> questions) {
        List<String> texts = questions.stream().map(this::withoutPersonalData).toList();
        List<String> asked = texts.stream().filter(text -> !text.isEmpty()).toList();
        if (asked.isEmpty() || !embedder.serves(clientId)) {
            return texts.stream().map(text -> Meaning.none()).toList();
        }
        Embedded embedded;
        try {
            embedded = embedder.questions(clientId, asked);
        } catch (ModelUnavailableException e) {
            Meaning missing = Meaning.missing(e.reason());
            return texts.stream().map(text -> missing).toList();
        }
        List<Meaning> meanings = new ArrayList<>();
        int next = 0;
        for (String text : texts) {
            if (text.isEmpty()) {
                meanings.add(Meaning.none());
            } else {
                meanings.add(Meaning.of(
                        embedder.space(),
                        embedder.leastSimilarity(),
                        embedded.vectors().get(next),
                        // They were one request.
                        next == 0 ? embedded.usage() : Usage.NONE));
                next++;
            }
        }
        return meanings;
    }

    private String withoutPersonalData(String question) {
        String bare = Kind.inTokens(question, kind -> "");
        return Knowledge.storable(Kind.inTokens(redactor.redact(bare).text(), kind -> ""))
                .strip();
    }
}
