package io.opsrelay.agent.run;

import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** What became of actions, in the words in which a model is told. */
final class Outcomes {

    private static final JsonMapper JSON = JsonMapper.shared();

    private Outcomes() {}

    /** @param listening takes out what a model may not see */
    static String inWords(Proposal proposal, News news, Discretion.Listening listening) {
        Set<String> stated = new HashSet<>();
        if (proposal.orderId() != null) {
            stated.add(proposal.orderId());
        }
        return proposal.tool()
                + switch (news) {
                    case News.Done done ->
                        " was carried out: " + JSON.writeValueAsString(listening.members(done.result(), stated));
                    case News.NotDone notDone ->
                        " could not be carried out: " + listening.text(notDone.reason(), stated);
                    case News.Rejected rejected ->
                        " was refused by a person: " + listening.text(rejected.reason(), stated);
                    case News.Answered answered ->
                        ": a person answered: " + listening.text(answered.response(), stated);
                    case News.Lapsed _ -> ": nobody decided in time";
                };
    }
}
