package io.opsrelay.agent.draft;

import java.util.Locale;
import java.util.Set;

/** What a reply has to say. Each kind names the facts without which it cannot be written. */
public enum DraftKind {
    /** A refund was asked for and waits for a decision; nothing was done yet. */
    REFUND_WAITING(Facts.Order.class, "order_id"),
    /** A refund was made: the only kind that says so. */
    REFUND_DONE(Facts.Refund.class, "order_id", "amount", "currency", "refund_id", "time"),
    /** A person decided against the refund. */
    REFUND_REJECTED(Facts.Rejection.class, "order_id", "reason"),
    /** Nobody decided in time; a colleague has the ticket now. */
    REFUND_EXPIRED(Facts.Order.class, "order_id"),
    /** The refund was decided but could not be made; a colleague has the ticket now. */
    ACTION_FAILED(Facts.Order.class, "order_id"),
    /** An action other than a refund was carried out. */
    ACTION_DONE(Facts.Action.class, "action"),
    /** A link to set another password was sent to the address of the customer's account. */
    PASSWORD_RESET_DONE(Facts.Nothing.class),
    /** The developers were told of a bug. */
    BUG_REPORT_DONE(Facts.Reference.class, "reference"),
    /** Something other than a refund was asked for and passed on; nothing was done yet. */
    REQUEST_WAITING(Facts.Nothing.class),
    /** A person decided against an action other than a refund. */
    ACTION_REJECTED(Facts.Reason.class, "reason"),
    /** The provider's answer was lost, and whether the refund was made is being found out. */
    OUTCOME_UNKNOWN(Facts.Order.class, "order_id"),
    /** The request needs an order, and none of the customer's matched, or none was named. */
    ORDER_NOT_FOUND(Facts.Nothing.class),
    /** How an order stands that the customer asked about: it is theirs, and was looked up. */
    ORDER_STATUS(Facts.OrderStatus.class, "order_id", "status", "details"),
    /** The question is answered by a passage of the knowledge base. */
    KNOWLEDGE_ANSWER(Facts.Passage.class, "title", "quote"),
    /** A colleague takes over: no passage answers, or the matter is a person's. */
    HANDED_OVER(Facts.Nothing.class),
    /** The customer praised or thanked. */
    PRAISE_THANKS(Facts.Nothing.class),
    /** Advertising and the like gets no reply at all. */
    NO_REPLY(Facts.Nothing.class);

    private final Class<? extends Facts> facts;
    // Made by Set.of, which cannot be changed.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> placeholders;

    DraftKind(Class<? extends Facts> facts, String... placeholders) {
        this.facts = facts;
        this.placeholders = Set.of(placeholders);
    }

    /** Returns the type of the facts that this kind states. */
    public Class<? extends Facts> facts() {
        return facts;
    }

    /** Returns the placeholders that a template of this kind must contain, all of them and no others. */
    Set<String> placeholders() {
        return placeholders;
    }

    /** Returns the name of this kind's section in the template files. */
    String section() {
        return name().toLowerCase(Locale.ROOT);
    }
}
