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

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Gateway.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theClassesAreThere() {
    assertThat(CLASSES.contain(Gateway.class)).isTrue();
    assertThat(CLASSES.contain(Reprise.class)).isTrue();
    assertThat(CLASSES.contain(GatewayArchitectureTest.class)).isFalse();
    Set<String> packages = new TreeSet<>();
    CLASSES.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> name.startsWith("dev.reprise.gateway"))
        .forEach(packages::add);
    assertThat(packages).containsExactlyInAnyOrderElementsOf(LAYERS);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.reprise.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void eachPackageOfTheGatewayKnowsOnlyThoseBeforeIt() {
    Architectures.LayeredArchitecture layers =
        Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String layer : LAYERS) {
      layers = layers.layer(layer).definedBy(layer);
    }
    for (int i = 0; i < LAYERS.size(); i++) {
      List<String> before = LAYERS.subList(0, i);
      layers =
          before.isEmpty()
              ? layers.whereLayer(LAYERS.get(i)).mayNotAccessAnyLayer()
              : layers.whereLayer(LAYERS.get(i)).mayOnlyAccessLayers(before.toArray(String[]::new));
    }
    layers.check(CLASSES);
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
