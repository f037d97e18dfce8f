package dev.reprise.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What holds for every module beside the core, whose ArchitectureTest says more. */
class ModulesTest {
  private static final String EXAMPLES = "dev.reprise.examples";

  private static final Path ROOT = Path.of("..");

  /** A class that is longer has more than one job. */
  private static final int MOST_LINES = 500;

  /** Classes at the centre of the engine, which must stay easy to read. */
  private static final Map<String, Integer> FEWER_LINES =
      Map.of("CacheEngine.java", 400, "StreamCall.java", 350);

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

  /** Each package is a slice; the core's and the gateway's own tests say more of theirs. */
  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.reprise.(**)").should().beFreeOfCycles().check(MODULES);
  }

  @Test
  void noClassIsLong() throws IOException {
    List<String> tooLong = new ArrayList<>();
    Set<String> limited = new TreeSet<>();
    int files = 0;
    for (Path source : sources()) {
      String name = String.valueOf(source.getFileName());
      int most = FEWER_LINES.getOrDefault(name, MOST_LINES);
      if (most < MOST_LINES) {
        limited.add(name);
      }
      long lines;
      try (Stream<String> text = Files.lines(source)) {
        lines = text.count();
      }
      if (lines > most) {
        tooLong.add(ROOT.relativize(source) + ": " + lines + " lines, at most " + most);
      }
      files++;
    }
    assertThat(tooLong).as("split what is too long, or give a part a class of its own").isEmpty();
    assertThat(limited).isEqualTo(FEWER_LINES.keySet());
    assertThat(files).as("source files that were counted").isGreaterThan(500);
  }

  /** The main sources of every module, those that are not on this class path included. */
  private static List<Path> sources() throws IOException {
    List<Path> folders = new ArrayList<>(children(ROOT));
    for (Path module : List.copyOf(folders)) {
      folders.addAll(children(module));
    }
    List<Path> sources = new ArrayList<>();
    for (Path folder : folders) {
      Path main = folder.resolve("src/main/java");
      if (Files.isDirectory(main)) {
        try (Stream<Path> files = Files.walk(main)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    return sources;
  }

  /** The folders in {@code folder}, but for those that the build writes. */
  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).filter(path -> !path.endsWith("target")).toList();
    }
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
