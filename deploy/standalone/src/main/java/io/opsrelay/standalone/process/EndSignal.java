package io.opsrelay.standalone.process;

/** The POSIX signals by which a process is asked, or made, to end. */
public enum EndSignal {
    /** What Ctrl-C sends; PostgreSQL's "fast" shutdown. */
    INT,
    /** The polite request; JVMs run their shutdown hooks. */
    TERM,
    /** PostgreSQL's "immediate" shutdown: recovery at the next start. */
    QUIT,
    /** Cannot be caught. */
    KILL
}
