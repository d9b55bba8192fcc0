package io.opsrelay.messaging.app;

import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Two consumers of notes: one that does something for each, one beside it. */
@SpringBootApplication
public class NotesApplication {

    public static final String CLERK = "notes.clerk";
    public static final String ARCHIVE = "notes.archive";

    @Bean
    Subscription clerksNotes(Clerk clerk) {
        return Subscription.of(CLERK, Topics.TICKET).meeting(clerk::meet).on(NoteTaken.class, clerk::write);
    }

    @Bean
    Subscription archivedNotes(Clerk clerk) {
        return Subscription.of(ARCHIVE, Topics.TICKET).on(NoteTaken.class, clerk::archive);
    }
}
