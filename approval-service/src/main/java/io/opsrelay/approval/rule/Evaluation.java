package io.opsrelay.approval.rule;

import java.util.List;

/**
 * What a policy says about an action, and how it came to that.
 *
 * @param inWords the rule that spoke, as a sentence
 * @param looked every rule that was looked at, in order; those behind the one that decided were not asked
 * @param notes what besides the rules had a say, e.g. that a refund needs a person whatever the rules say
 */
public record Evaluation(Verdict verdict, String inWords, List<Looked> looked, List<String> notes) {

    public Evaluation {
        looked = List.copyOf(looked);
        notes = List.copyOf(notes);
    }
}
