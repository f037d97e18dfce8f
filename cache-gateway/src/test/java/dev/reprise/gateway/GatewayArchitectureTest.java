package dev.reprise.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.Architectures;
import dev.reprise.cli.Reprise;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds for the packages of the gateway and of the command line. */
class GatewayArchitectureTest {
  /** The gateway's packages, each of which knows only those before it. */
  private static final List<String> LAYERS =
      List.of(
          "dev.reprise.gateway.http",
          "dev.reprise.gateway.request",
          "dev.reprise.gateway.protocol",
          "dev.reprise.gateway.protocol.openai",
          "dev.reprise.gateway.protocol.anthropic",
          "dev.reprise.gateway.protocol.gemini",
          "dev.reprise.gateway.protocol.ollama",
          "dev.reprise.gateway.upstream",
          "dev.reprise.gateway.admin",
          "dev.reprise.gateway.observe",
          "dev.reprise.gateway");

  /** The command line's packages, each of which knows only those before it. */
  private static final List<String> COMMAND_LINE =
      List.of(
          "dev.reprise.evaluate",
          "dev.reprise.cli.io",
          "dev.reprise.cli.config",
          "dev.reprise.cli.cache",
          "dev.reprise.cli.demo",
          "dev.reprise.cli.evaluate",
          "dev.reprise.cli.admin",
          "dev.reprise.cli.serve",
          "dev.reprise.cli");

  /** The packages that hold the commands. */
  private static final List<String> COMMANDS =
      List.of(
          "dev.reprise.cli.demo",
          "dev.reprise.cli.evaluate",
          "dev.reprise.cli.admin",
          "dev.reprise.cli.serve");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Gateway.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theClassesAreThere() {
    assertThat(CLASSES.contain(Gateway.class)).isTrue();
    assertThat(CLASSES.contain(Reprise.class)).isTrue();
    assertThat(CLASSES.contain(GatewayArchitectureTest.class)).isFalse();
    assertThat(packages("dev.reprise.gateway")).containsExactlyInAnyOrderElementsOf(LAYERS);
    Set<String> commandLine = packages("dev.reprise.cli");
    commandLine.addAll(packages("dev.reprise.evaluate"));
    assertThat(commandLine).containsExactlyInAnyOrderElementsOf(COMMAND_LINE);
  }

  private static Set<String> packages(String root) {
    Set<String> packages = new TreeSet<>();
    CLASSES.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith(root))
        .forEach(packages::add);
    return packages;
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.reprise.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void eachPackageOfTheGatewayKnowsOnlyThoseBeforeIt() {
    checkLayers(LAYERS);
  }

  @Test
  void eachPackageOfTheCommandLineKnowsOnlyThoseBeforeIt() {
    checkLayers(COMMAND_LINE);
  }

  private static void checkLayers(List<String> packages) {
    Architectures.LayeredArchitecture layers =
        Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String layer : packages) {
      layers = layers.layer(layer).definedBy(layer);
    }
    for (int i = 0; i < packages.size(); i++) {
      List<String> before = packages.subList(0, i);
      layers =
          before.isEmpty()
              ? layers.whereLayer(packages.get(i)).mayNotAccessAnyLayer()
              : layers
                  .whereLayer(packages.get(i))
                  .mayOnlyAccessLayers(before.toArray(String[]::new));
    }
    layers.check(CLASSES);
  }

  @Test
  void commandsDoNotKnowEachOther() {
    for (String command : COMMANDS) {
      noClasses()
          .that()
          .resideInAPackage(command)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              COMMANDS.stream().filter(other -> !other.equals(command)).toArray(String[]::new))
          .check(CLASSES);
    }
  }

  @Test
  void theProvidersButOpenAiDoNotKnowEachOther() {
    List<String> others = List.of("anthropic", "gemini", "ollama");
    for (String one : others) {
      for (String other : others) {
        if (!one.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("dev.reprise.gateway.protocol." + one)
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.reprise.gateway.protocol." + other)
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void theGatewayDoesNotKnowTheCommandLine() {
    noClasses()
        .that()
        .resideInAPackage("dev.reprise.gateway..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.reprise.cli..", "dev.reprise.evaluate..")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaClass type : CLASSES) {
      assertThat(type.getPackage().isAnnotatedWith(NullMarked.class))
          .as(type.getPackageName())
          .isTrue();
    }
  }
}
