package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** A change of the desk is there as a whole or not at all: here its last statement before the commit fails. */
@IngestionServiceTest
class DeskCommitTest {

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    private Work work;

    @BeforeEach
    void somebodyWorksAtAcme() {
        work = new Work(api, others, kafka, "acme");
    }

    @AfterEach
    void timelinesAreWrittenAgain() {
        admin().execute("drop trigger if exists refuse on ingestion.timeline_entry");
        admin().execute("drop function if exists ingestion.refuse_entry()");
    }

    @Test
    void whereTheTimelineCannotBeWrittenNothingIsChanged() {
        String failed = work.ended(Outcome.FAILED);
        String open = work.open("email");
        String target = work.open("api");
        List<JsonNode> before = List.of(work.ticket(failed), work.ticket(open), work.ticket(target));
        admin().execute("""
                create function ingestion.refuse_entry() returns trigger language plpgsql as
                $$ begin raise exception 'no entries today'; end $$\
                """);
        admin().execute("""
                create trigger refuse before insert on ingestion.timeline_entry
                for each row execute function ingestion.refuse_entry()\
                """);

        work.post(failed, "retry", Map.of()).has(500);
        work.post(open, "status", Map.of("status", "escalated")).has(500);
        work.post(open, "merge", Map.of("into", target)).has(500);
        work.post(open, "messages", Map.of("text", "Hello")).has(500);
        work.post(open, "replies", Map.of("text", "Hello")).has(500);
        work.put(open, "tags", Map.of("tags", List.of("lamp"))).has(500);
        work.put(open, "priority", Map.of("priority", "high")).has(500);
        work.put(open, "assignee", Map.of("assignee", "bob")).has(500);

        assertThat(List.of(work.ticket(failed), work.ticket(open), work.ticket(target)))
                .isEqualTo(before);
    }

    private JdbcTemplate admin() {
        return new JdbcTemplate(database.admin());
    }
}
