package io.opsrelay.action.remote;

/** What only this package can throw, for providers in memory. */
public final class Faults {

    private Faults() {}

    public static BusyException busy() {
        return new BusyException("takes no requests for now");
    }
}
