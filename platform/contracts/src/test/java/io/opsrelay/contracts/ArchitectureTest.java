package io.opsrelay.contracts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.opsrelay.contracts", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule contractsKnowNoFramework = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.apache.kafka..", "jakarta..", "java.sql..", "javax.sql..")
            .because("other systems and tools read the contracts, too; wiring belongs to platform/messaging");

    @ArchTest
    static final ArchRule contractsKnowNobodyElseOfTheHouse = noClasses()
            .should()
            .dependOnClassesThat(com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage("io.opsrelay..")
                    .and(com.tngtech.archunit.base.DescribedPredicate.not(
                            com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                                    "io.opsrelay.contracts.."))))
            .because("everybody depends on the contracts: move the type that is needed here, or name it by a string");

    @ArchTest
    static final ArchRule everyEventIsARecord = classes()
            .that()
            .areAnnotatedWith(EventType.class)
            .should()
            .beRecords()
            .andShould()
            .implement(Event.class)
            .because("events are values, guarded in their compact constructors, and part of a sealed family");
}
