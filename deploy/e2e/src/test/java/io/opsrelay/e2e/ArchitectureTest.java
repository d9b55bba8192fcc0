package io.opsrelay.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Rules across services; what holds inside one is verified by the service itself. */
@AnalyzeClasses(packages = "io.opsrelay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] SERVICES = {
        "io.opsrelay.ingestion..",
        "io.opsrelay.agent..",
        "io.opsrelay.approval..",
        "io.opsrelay.action..",
        "io.opsrelay.gateway.."
    };

    /** The nouns of the business, as they stand in the names of classes, methods and fields. */
    private static final String BUSINESS_NOUN =
            ".*(Ticket|Refund|Approv|Customer|Payment|Conversation|ticket|refund|approv|customer|payment).*";

    @ArchTest
    static void everyModuleIsLookedAt(JavaClasses classes) {
        List<String> names =
                classes.stream().map(type -> type.getPackageName()).distinct().toList();
        for (String service : SERVICES) {
            assertThat(names)
                    .as("packages of " + service + ": without them the rules below would hold of nothing")
                    .anyMatch(name -> (name + ".").startsWith(service.substring(0, service.length() - 1)));
        }
        assertThat(names).contains("io.opsrelay.contracts", "io.opsrelay.messaging", "io.opsrelay.security");
    }

    @ArchTest
    static final ArchRule noServiceDependsOnAnother = slices().matching(
                    "io.opsrelay.(ingestion|agent|approval|action|gateway)..")
            .namingSlices("service $1")
            .should()
            .notDependOnEachOther()
            .because(
                    "services talk through events alone; put the event into contracts and subscribe to it, or move what"
                            + " both need and that knows no business into platform");

    @ArchTest
    static final ArchRule platformKnowsNoService = noClasses()
            .that(resideInAnyPackage("io.opsrelay.contracts..", "io.opsrelay.messaging..", "io.opsrelay.security.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage(SERVICES))
            .because("the services stand on the platform and not the other way round; hand in what it needs as an"
                    + " interface or a bean");

    @ArchTest
    static final ArchRule contractsKnowNoFramework = classes()
            .that(resideInAPackage("io.opsrelay.contracts.."))
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "io.opsrelay.contracts..",
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson.annotation..",
                    "tools.jackson.."))
            .because("anybody on the JVM must be able to read our events, without Spring or Kafka; keep wiring in"
                    + " messaging or in the service");

    @ArchTest
    static final ArchRule messagingNamesNoBusinessNoun = noMembers()
            .that()
            .areDeclaredInClassesThat(resideInAPackage("io.opsrelay.messaging.."))
            .should()
            .haveNameMatching(BUSINESS_NOUN)
            .because("messaging carries any event; name it for what it does to a record, and leave the rest to the"
                    + " service that subscribes");

    @ArchTest
    static final ArchRule messagingKnowsNoBusinessEvent = noClasses()
            .that(resideInAPackage("io.opsrelay.messaging.."))
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.opsrelay.contracts..")
                            .and(
                                    describe(
                                            "are events of the business",
                                            type -> type.getName()
                                                    .matches(
                                                            ".*\\.(Ticket|Run|Action|Approval|Export)Event(\\$.*)?|.*\\.(Money|Effect|Grant)"))))
            .because("messaging carries any event: work with Event, EventType and EventCatalog instead of one family");

    @ArchTest
    static final ArchRule launcherKnowsNoService = noClasses()
            .that(resideInAPackage("io.opsrelay.standalone.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage(SERVICES))
            .because("the launcher starts services as processes; pass what they need by environment variables");

    @ArchTest
    static final ArchRule onlyServicesAnswerHttp = noClasses()
            .that(not(resideInAnyPackage(SERVICES)))
            .should()
            .beAnnotatedWith("org.springframework.web.bind.annotation.RestController")
            .because("an endpoint belongs to the service whose data it shows; move it there");

    @ArchTest
    static final ArchRule nothingIsNamedForALayer = noClasses()
            .should()
            .resideInAnyPackage("..controller..", "..service..", "..repository..", "..dto..", "..util..")
            .because(
                    "packages are features, so that deleting a feature is deleting a folder; move the class beside what"
                            + " it works with");

    @ArchTest
    static final ArchRule noClassIsAnEmptyName = noClasses()
            .that(not(resideInAPackage("io.opsrelay.e2e..")))
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .because("such a name hides what the class does; name it for its one job");
}
