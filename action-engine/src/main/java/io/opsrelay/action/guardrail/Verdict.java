package io.opsrelay.action.guardrail;

import java.util.List;
import java.util.Optional;

/** What guardrails say to an action. */
public record Verdict(List<Finding> findings) {

    public Verdict {
        findings = List.copyOf(findings);
    }

    /** What bars it, if anything does. */
    public Optional<Finding> barring() {
        return findings.stream().filter(finding -> !finding.setAside()).findFirst();
    }

    /** What would bar it, had an admin not set it aside. */
    public List<Finding> setAside() {
        return findings.stream().filter(Finding::setAside).toList();
    }
}
