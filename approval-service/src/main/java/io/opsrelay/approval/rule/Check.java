package io.opsrelay.approval.rule;

/**
 * One condition of a rule, held against an action.
 *
 * @param condition the field in {@code when}
 * @param because what the rule wants and what the action is
 */
public record Check(String condition, boolean holds, String because) {}
