package io.opsrelay.ingestion.email;

import io.opsrelay.ingestion.attachment.StoredFile;
import io.opsrelay.ingestion.email.body.MailBody;
import io.opsrelay.ingestion.mime.ParsedMail;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A mail that was read, with its files stored and not yet attached to anything. */
sealed interface ReadMail {

    /** Its Message-ID, or a digest of it where it has none. */
    String rfc822Id();

    List<StoredFile> files();

    @Nullable
    String sender();

    String subject();

    String text();

    /**
     * One that could be read.
     *
     * @param files attachments in their order, the original last
     * @param leftOut in words, what was not kept of the attachments
     * @param body how it looks
     */
    record Whole(String rfc822Id, ParsedMail mail, List<StoredFile> files, List<String> leftOut, MailBody body)
            implements ReadMail {
        public Whole {
            Objects.requireNonNull(rfc822Id);
            Objects.requireNonNull(mail);
            Objects.requireNonNull(body);
            files = List.copyOf(files);
            leftOut = List.copyOf(leftOut);
        }

        @Override
        public @Nullable String sender() {
            return mail.from() == null ? null : mail.from().address();
        }

        @Override
        public String subject() {
            return mail.subject();
        }

        @Override
        public String text() {
            return mail.text();
        }
    }

    /** One that is no mail, whatever else it may be. */
    record Broken(String rfc822Id, String why, String text) implements ReadMail {

        @Override
        public List<StoredFile> files() {
            return List.of();
        }

        @Override
        public @Nullable String sender() {
            return null;
        }

        @Override
        public String subject() {
            return "";
        }
    }
}
