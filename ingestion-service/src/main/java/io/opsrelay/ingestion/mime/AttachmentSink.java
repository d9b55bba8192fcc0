package io.opsrelay.ingestion.mime;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes each attachment while its mail is being read, in the order of {@link ParsedMail#parts()}: one call, one part.
 * What it throws ends the parsing and reaches the parser's caller as it is.
 */
@FunctionalInterface
public interface AttachmentSink {

    /** For a reader that wants the facts of attachments, and not their bytes. */
    AttachmentSink NONE = (fileName, mediaType, contentId, content) -> {};

    /**
     * @param fileName without folders and control characters, at most 200 characters; made up where the mail gives none
     * @param mediaType as the mail declares it, in lower case, without parameters
     * @param contentId without angle brackets; what a {@code cid:} in the HTML refers to
     * @param content decoded; valid only during this call, need not be read to its end nor closed
     */
    void accept(String fileName, String mediaType, @Nullable String contentId, InputStream content) throws IOException;
}
