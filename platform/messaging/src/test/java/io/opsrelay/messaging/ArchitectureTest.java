package io.opsrelay.messaging;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.EventType;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import java.util.Set;

@AnalyzeClasses(packages = "io.opsrelay.messaging", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final Set<String> FORM = Set.of(
            Event.class.getName(),
            EventType.class.getName(),
            EventCatalog.class.getName(),
            FeedRecord.class.getName(),
            Topics.class.getName(),
            Headers.class.getName(),
            ContractJson.class.getName());

    @ArchTest
    static final ArchRule messagingKnowsTheFormOfEventsAndNoneOfThem = noClasses()
            .should()
            .dependOnClassesThat(new DescribedPredicate<>("are contracts with a business meaning") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getPackageName().startsWith("io.opsrelay.contracts")
                            && !FORM.contains(type.getBaseComponentType().getName());
                }
            })
            .because("every service uses messaging: what is special to one event belongs to the service that handles it"
                    + " (take a Class<E> or an interface instead)");

    @ArchTest
    static final ArchRule consumersDoNotKnowTheOutbox = noClasses()
            .that()
            .resideInAPackage("..consume..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..outbox..")
            .because("receiving works without sending; what both need lies in io.opsrelay.messaging");
}
