package io.opsrelay.contracts;

/** Claim names of the signed grant in {@link ApprovalEvent.ApprovalGranted#grant()}. */
public final class Grant {

    /** Issuer of every grant. */
    public static final String ISSUER = "approval-service";

    /** JOSE {@code typ} header of a grant, so that no other token of the house passes for one. */
    public static final String TYPE = "opsrelay-grant+jwt";

    /** The client (tenant); the subject is the action id, the JWT id the approval id. */
    public static final String CLIENT = "client_id";

    /** The catalogue's name of the action. */
    public static final String ACTION_TYPE = "action_type";

    /** The preparation's version. */
    public static final String VERSION = "version";

    /** SHA-256 (hex) of the canonical arguments. */
    public static final String ARGUMENTS_HASH = "args_sha256";

    /** Who asked. */
    public static final String REQUESTER = "requester";

    /** Who granted; of several people the last. */
    public static final String APPROVER = "approver";

    /**
     * All who granted, each once, the approver among them and the requester not. Whether they are as many as policy
     * asks for is approval-service's to know.
     */
    public static final String APPROVERS = "approvers";

    private Grant() {}
}
