package io.opsrelay.agent.triage;

import java.util.Locale;

/**
 * What a ticket asks for. These shipped intents choose the agent's tools; a client's own labels stand beside them and
 * never replace them.
 */
public enum Intent {
    /** Wants money back, now. */
    REFUND_REQUEST,
    /** Asks how refunds and returns work, without wanting one. */
    REFUND_POLICY_QUESTION,
    /** Asks where a refund is that was agreed before: must not lead to a second one. */
    REFUND_STATUS,
    ORDER_STATUS,
    SHIPPING_QUESTION,
    /** Damaged, wrong or missing goods, without saying what should be done about it. */
    DELIVERY_PROBLEM,
    /** Wants goods replaced or exchanged, not money. */
    EXCHANGE_REQUEST,
    CANCEL_ORDER,
    CHANGE_ADDRESS,
    INVOICE_QUESTION,
    DOUBLE_CHARGE,
    PAYMENT_FAILED,
    PASSWORD_RESET,
    LOGIN_PROBLEM,
    ACCOUNT_DELETION,
    CHANGE_EMAIL,
    BUG_REPORT,
    FEATURE_REQUEST,
    HOW_TO_QUESTION,
    PRODUCT_QUESTION,
    CONTACT_HOURS,
    SERVICE_OUTAGE,
    SERVICE_DEGRADED,
    RESTART_REQUEST,
    SCALE_REQUEST,
    /** Wants a version rolled out, rolled back, or a rolling restart. */
    ROLLOUT_REQUEST,
    PRAISE,
    COMPLAINT,
    CANCEL_SUBSCRIPTION,
    UPGRADE_PLAN,
    SECURITY_REPORT,
    SPAM,
    SPEAK_TO_HUMAN,
    PRIVACY_REQUEST;

    /** Returns the name used in JSON and in the training data, such as {@code refund_request}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
