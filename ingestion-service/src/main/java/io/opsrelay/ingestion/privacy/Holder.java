package io.opsrelay.ingestion.privacy;

/** The services that hold something of a customer's tickets beside this one. */
enum Holder {
    AGENT("agent-service", "agent.json"),
    APPROVAL("approval-service", "approvals.json"),
    ACTION("action-engine", "actions.json");

    private final String service;
    private final String file;

    Holder(String service, String file) {
        this.service = service;
        this.file = file;
    }

    /** The service, as it names itself in its answers. */
    String service() {
        return service;
    }

    /** What its answer is called in the folder of a ticket. */
    String file() {
        return file;
    }
}
