package io.opsrelay.approval.policy;

import io.opsrelay.approval.rule.Verdict;

/**
 * What a client's policy says about an action.
 *
 * @param policyVersion which of its versions; 0 is the shipped policy
 * @param inWords the rule that spoke, as a sentence
 */
public record Ruling(long policyVersion, Verdict verdict, String inWords) {}
