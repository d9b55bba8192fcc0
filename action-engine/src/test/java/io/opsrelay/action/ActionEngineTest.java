package io.opsrelay.action;

import io.opsrelay.action.execution.HastyExecution;
import io.opsrelay.testing.OpsRelayTest;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/** The whole service on a real Kafka and PostgreSQL, with a payment provider that can be made to fail. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@OpsRelayTest(service = "action")
@SpringBootTest(
        classes = {ActionApplication.class, FaultyPayments.class, HastyExecution.class, ProbeAction.class},
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "opsrelay.sandbox.demo-clients=acme,globex",
            // A machine that halts for some seconds loses no lease, which is renewed at a third of it, and no answer.
            "opsrelay.execution.lease=9s",
            "opsrelay.execution.reconcile-first=50ms",
            "opsrelay.execution.reconcile-longest=200ms",
            "opsrelay.execution.settle-first=200ms",
            "opsrelay.execution.settle-longest=500ms",
            "opsrelay.payment.time-limit=7s",
            // Faults are made on purpose here; the breaker has a test of its own.
            "opsrelay.payment.window=1000"
        })
public @interface ActionEngineTest {}
