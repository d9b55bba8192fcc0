package io.opsrelay.agent.run;

import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The names under which a ticket's customer is known: what the sender says, and what the e-mail address spells. */
final class KnownNames {

    private static final List<String> KEYS = List.of("customer_name", "name", "full_name");
    private static final int LONGEST = 100;
    private static final Pattern SPELLED = Pattern.compile("[\\p{L}]{2,30}([._-][\\p{L}]{2,30}){1,3}");

    private KnownNames() {}

    static Set<String> of(TicketReceived ticket) {
        Set<String> names = new LinkedHashSet<>();
        for (String key : KEYS) {
            String name = ticket.metadata().get(key);
            if (name != null && !name.isBlank() && name.length() <= LONGEST) {
                names.add(name.strip());
            }
        }
        String email = ticket.customer().email();
        String local = email.substring(0, Math.max(0, email.indexOf('@')));
        if (local.length() <= LONGEST && SPELLED.matcher(local).matches()) {
            names.add(local.replaceAll("[._-]", " "));
        }
        return names;
    }
}
