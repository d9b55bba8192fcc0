package io.opsrelay.approval.mail;

import io.opsrelay.approval.notification.NoticeTypes;
import io.opsrelay.security.Role;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends to say who gets which notices.
 *
 * @param recipients all of them; who is not there gets nothing any more
 */
record SettingsBody(@Nullable List<@Nullable RecipientBody> recipients) {

    static final int MAX_RECIPIENTS = 50;
    static final int MAX_TYPES = 50;

    private static final Set<Role> PEOPLE = Set.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN);

    /** What is wrong, by field; empty if {@link #toRecipients} will do. */
    Map<String, String> refusals() {
        Map<String, String> refusals = new LinkedHashMap<>();
        if (recipients == null) {
            refusals.put("recipients", "is required; an empty list ends all e-mail");
            return refusals;
        }
        if (recipients.size() > MAX_RECIPIENTS) {
            refusals.put("recipients", "must be at most " + MAX_RECIPIENTS);
            return refusals;
        }
        Set<List<String>> seen = new HashSet<>();
        for (int i = 0; i < recipients.size(); i++) {
            RecipientBody recipient = recipients.get(i);
            String at = "recipients[" + i + "]";
            if (recipient == null) {
                refusals.put(at, "must not be null");
            } else {
                recipient.refuse(at, refusals);
                if (!seen.add(
                        List.of(Recipient.keyOf(String.valueOf(recipient.address)), String.valueOf(recipient.role)))) {
                    refusals.put(at, "is there twice: name all types of an address and role together");
                }
            }
        }
        return refusals;
    }

    List<Recipient> toRecipients() {
        return Objects.requireNonNull(recipients).stream()
                .map(recipient -> Objects.requireNonNull(recipient).toRecipient())
                .toList();
    }

    /**
     * One of them.
     *
     * @param role gets only what concerns that role; not sent for whatever the types say
     */
    record RecipientBody(
            @Nullable String address,
            @Nullable String role,
            @Nullable List<@Nullable String> eventTypes) {

        private void refuse(String at, Map<String, String> refusals) {
            if (address == null || !Recipient.isAddress(address)) {
                refusals.put(at + ".address", "must be one e-mail address like sre@example.com, without a name");
            }
            if (role != null && roleOf(role).isEmpty()) {
                refusals.put(at + ".role", "must be one of viewer, agent, approver, sre, admin");
            }
            if (eventTypes == null || eventTypes.isEmpty() || eventTypes.size() > MAX_TYPES) {
                refusals.put(at + ".event_types", "must be 1 to " + MAX_TYPES + " of " + NoticeTypes.patterns());
            } else if (eventTypes.stream().anyMatch(type -> type == null || !NoticeTypes.isPattern(type))) {
                refusals.put(at + ".event_types", "must be of " + NoticeTypes.patterns());
            }
        }

        private Recipient toRecipient() {
            Set<String> types = new LinkedHashSet<>();
            for (String type : Objects.requireNonNull(eventTypes)) {
                types.add(Objects.requireNonNull(type));
            }
            return new Recipient(
                    Objects.requireNonNull(address),
                    role == null ? null : roleOf(role).orElseThrow(),
                    types);
        }

        private static Optional<Role> roleOf(String name) {
            return Role.named(name).filter(PEOPLE::contains);
        }
    }
}
