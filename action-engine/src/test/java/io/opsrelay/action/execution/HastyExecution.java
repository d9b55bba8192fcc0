package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/** Calls the provider before the intent is committed, for the actions it is told of: what must never be. */
@TestConfiguration(proxyBeanMethods = false)
public class HastyExecution {

    private static final Set<UUID> HASTY = ConcurrentHashMap.newKeySet();

    /** From now on that action's provider is called too early. */
    public static void of(UUID actionId) {
        HASTY.add(actionId);
    }

    @Bean
    @Primary
    Executor hastyExecutor(
            ClientTransactions transactions,
            ActionStore store,
            ActionLog log,
            Catalogue catalogue,
            Intents intents,
            Settlements settlements,
            ExecutionProperties properties) {
        return new Executor(transactions, store, log, catalogue, intents, settlements, properties) {
            @Override
            void work(Job job) {
                if (HASTY.remove(job.subject())) {
                    Action action = transactions.call(
                            job.clientId(), () -> store.find(job.subject()).orElseThrow());
                    catalogue
                            .get(job.clientId(), action.actionType())
                            .execute(
                                    job.clientId(),
                                    action.idempotencyKey(),
                                    action.prepared().arguments().arguments(),
                                    text -> {});
                }
                super.work(job);
            }
        };
    }
}
