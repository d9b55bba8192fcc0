package io.opsrelay.agent.draft;

/** What a reply looks like on the channel that it goes to. What it states is the same in every form. */
public enum Form {
    /** With a salutation and a closing: mails, and whatever is read later. */
    LETTER,
    /** What it has to say and no more, for somebody who waits for it in a chat. */
    CHAT;

    /** The form for a ticket's channel, as tickets name it. */
    public static Form of(String channel) {
        return channel.equals("chat") ? CHAT : LETTER;
    }
}
