package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.channel.Channel;
import java.io.IOException;
import java.util.List;

/** One provider's way of handing mails in. */
interface Door {

    /** The kind of channel it belongs to. */
    String kind();

    /**
     * Whom the mail is for, for who posts without a channel's id. Read before anything is proven, so it has no effects and
     * is not believed: it only says whose secrets to try.
     *
     * @throws MalformedException if there is nothing to be read
     */
    List<String> recipients(Posted posted) throws IOException, MalformedException;

    /**
     * Whether the headers alone allow that it is proven, and by them: nothing of a request without hope is read.
     *
     * @return false if its headers lack what a signature needs
     */
    default boolean mayVerify(Posted headers) {
        return true;
    }

    /** Whether headers alone prove who calls, so that nothing is read of whoever does not. */
    default boolean isProvenByHeaders() {
        return false;
    }

    /** Whether the request was signed with a secret of the channel, not long ago. */
    boolean verifies(Posted posted, Channel channel) throws IOException;

    /**
     * The mail in it, after it was verified.
     *
     * @throws MalformedException if there is none
     */
    PostedMail mail(Posted posted, Channel channel) throws IOException, MalformedException;

    /** Whether what is malformed is told to the sender, who can mend it, rather than filed for a person of ours. */
    default boolean tellsMistakes() {
        return false;
    }
}
