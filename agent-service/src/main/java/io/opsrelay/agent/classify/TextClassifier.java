package io.opsrelay.agent.classify;

import io.opsrelay.agent.triage.Classification;

/** Says what a client's text asks for. It sees texts without personal data only. */
public interface TextClassifier {

    /** Returns the name under which events tell who decided, such as {@code local}. */
    String method();

    /** Classifies a text that was redacted. */
    Classification classify(String clientId, String redactedText);
}
