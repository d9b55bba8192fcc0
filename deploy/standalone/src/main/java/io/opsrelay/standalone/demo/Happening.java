package io.opsrelay.standalone.demo;

import java.time.Duration;

/** Something that happens at a planned time after the start. */
sealed interface Happening {

    Duration at();

    /** It becomes quieter or busier. */
    record Turn(Duration at, Tide tide, String about) implements Happening {}

    /** A letter arrives. */
    record Arrival(Duration at, Letter letter) implements Happening {}

    /** An SRE of a client wants a service of this OpsRelay restarted. */
    record Restart(Duration at, String client, String service, String reason) implements Happening {}
}
