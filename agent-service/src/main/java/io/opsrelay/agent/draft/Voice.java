package io.opsrelay.agent.draft;

import io.opsrelay.agent.triage.Language;

/** How a reply is said. */
public record Voice(Language language, Tone tone, Form form) {}
