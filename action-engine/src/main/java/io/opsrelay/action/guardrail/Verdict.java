package io.opsrelay.action.guardrail;

import java.util.List;
import java.util.Optional;

/**
 * What guardrails say to an action.
 *
 * @param version of the client's guardrails that were looked at; 0 for the shipped ones
 */
public record Verdict(List<Finding> findings, long version) {

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
