package dev.reprise.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds for every module beside the core, whose ArchitectureTest says more. */
class ModulesTest {
  private static final String EXAMPLES = "dev.reprise.examples";

  private static final JavaClasses MODULES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(ModulesTest::isOfAModule)
          .importPackages("dev.reprise");

  /** The examples, the test kit and the servers of the tests are for tests. */
  private static boolean isOfAModule(Location location) {
    return Stream.of("examples", "testing", "testservers")
        .noneMatch(other -> location.contains("/dev/reprise/" + other + "/"));
  }

  @Test
  void theModulesAreThere() {
    Set<String> packages = new TreeSet<>();
    MODULES.forEach(type -> packages.add(type.getPackageName()));
    assertThat(packages)
        .contains(
            "dev.reprise.embedded",
            "dev.reprise.engine",
            "dev.reprise.langchain4j",
            "dev.reprise.milvus",
            "dev.reprise.redis",
            "dev.reprise.springai",
            "dev.reprise.verify")
        .doesNotContain(EXAMPLES);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaClass type : MODULES) {
      assertThat(type.getPackage().isAnnotatedWith(NullMarked.class))
          .as(type.getPackageName())
          .isTrue();
    }
  }

  @Test
  void logsGoThroughSlf4j() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.util.logging..")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(MODULES);
  }

  @Test
  void onlyRecordsAndExceptionsHavePublicConstructors() {
    constructors()
        .that()
        .areDeclaredInClassesThat(
            describe(
                "are neither records nor exceptions",
                type -> !type.isRecord() && !type.isAssignableTo(Throwable.class)))
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .should()
        .notBePublic()
        .check(MODULES);
  }

  /** A tier brings one server's client, and an integration one library: never each other. */
  @Test
  void modulesBesideEachOtherDoNotKnowEachOther() {
    String[] modules = {"embedded", "langchain4j", "milvus", "redis", "springai"};
    for (String module : modules) {
      for (String other : modules) {
        if (!module.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("dev.reprise." + module + "..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.reprise." + other + "..")
              .check(MODULES);
        }
      }
    }
  }

  @Test
  void noModuleKnowsTheGateway() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.reprise.gateway..", "dev.reprise.cli..", "dev.reprise.evaluate..")
        .check(MODULES);
  }
}
