package io.opsrelay.approval.notification;

/** A way of telling clients. */
public interface NoticeChannel {

    /** Writes down, in the running transaction of the client, to whom the notice goes; it is sent after the commit. */
    void take(String clientId, Notice notice);
}
