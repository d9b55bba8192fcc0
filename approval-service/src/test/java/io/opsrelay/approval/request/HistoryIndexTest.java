package io.opsrelay.approval.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.approval.ApprovalApplication;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What people look for in the history is looked up, under row security too, and not read through. */
@OpsRelayTest(service = "approval")
@SpringBootTest(
        classes = ApprovalApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = "opsrelay.approval.expiry-poll=100ms")
class HistoryIndexTest {

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void whoAskedIsLookedUp() {
        assertThat(plan(filter("ai:luna", null)))
                .anyMatch(line -> line.contains("Index Cond") && line.contains("requester ="));
    }

    @Test
    void whoDecidedOrVotedIsLookedUp() {
        assertThat(plan(filter(null, "user:ann")))
                .anyMatch(line -> line.contains("Index Cond") && line.contains("decided_by ="))
                .anyMatch(line -> line.contains("Index Cond") && line.contains("voter ="));
    }

    private static ApprovalFilter filter(String requester, String decidedBy) {
        return new ApprovalFilter(
                null, null, null, requester, decidedBy, null, null, null, null, null, null, Instant.now());
    }

    private List<String> plan(ApprovalFilter filter) {
        return transactions.call("acme", () -> {
            jdbc.sql("set local enable_seqscan = off").update();
            jdbc.sql("set local enable_bitmapscan = off").update();
            ApprovalFilter.Sql wanted = filter.sql();
            return jdbc.sql("explain select * from approval a where true" + wanted.conditions()
                            + " order by a.created_at desc, a.approval_id desc limit 51")
                    .params(wanted.values())
                    .query(String.class)
                    .list();
        });
    }
}
