package dev.reprise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents promise, they name a test for; and no test is written that nobody runs. */
class NamedTestsTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NAME =
      Pattern.compile("`([A-Z]\\w*(?:Test|IT|Contract))(?:\\.(\\w+))?`");
  private static final String ANNOTATION =
      "@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\\b";

  /** Tools of {@code ./reprise bench} that write figures, on data that no build needs. */
  private static final Set<String> TOOLS =
      Set.of(
          "AblationTable",
          "GuardTable",
          "LearningTable",
          "ShippedCalibrationFit",
          "StreamOrdersTable",
          "TrafficLineTable");

  @Test
  void everyTestThatADocumentNamesIsThere() throws IOException {
    Map<String, Path> sources = testSources();
    List<String> missing = new ArrayList<>();
    int named = 0;
    for (Path document : documents()) {
      Matcher matcher = NAME.matcher(Files.readString(document));
      while (matcher.find()) {
        named++;
        Path source = sources.get(matcher.group(1));
        if (source == null || !hasTest(source, Optional.ofNullable(matcher.group(2)))) {
          missing.add(document.getFileName() + ": " + matcher.group());
        }
      }
    }
    assertThat(missing).as("tests that the documents name and nobody finds").isEmpty();
    assertThat(named).as("tests that the documents name").isGreaterThan(50);
  }

  /**
   * What the build runs ends with Test or IT; a contract is run by the classes that extend it, a
   * tool by hand.
   */
  @Test
  void everyTestIsInAClassThatTheBuildRuns() throws IOException {
    for (Map.Entry<String, Path> source : testSources().entrySet()) {
      String text = Files.readString(source.getValue());
      if (Pattern.compile(ANNOTATION).matcher(text).find()) {
        boolean isRun = source.getKey().endsWith("Test") || source.getKey().endsWith("IT");
        boolean isContract = text.contains("abstract class " + source.getKey());
        boolean isTool = TOOLS.contains(source.getKey());
        assertThat(isRun || isContract || isTool).as("%s is run", source.getValue()).isTrue();
        assertThat(staticNestedTests(text))
            .as("nested classes of %s with tests need @Nested and no static", source.getKey())
            .isEmpty();
      }
    }
  }

  /** Failsafe reads neither property by itself. */
  @Test
  void skipTestsSkipsTheIntegrationTestsToo() throws IOException {
    String root = Files.readString(ROOT.resolve("pom.xml"));
    String failsafe = root.substring(root.indexOf("<artifactId>maven-failsafe-plugin<"));
    assertThat(failsafe.substring(0, failsafe.indexOf("</configuration>")))
        .contains("<skipTests>${skipTests}</skipTests>", "<skipITs>${skipITs}</skipITs>");
    Set<String> allowed = Set.of("false", "${skipTests}", "${skipITs}", "${milvus.lite.skip}");
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path pom : modules.map(module -> module.resolve("pom.xml")).toList()) {
        if (Files.exists(pom)) {
          Matcher skip =
              Pattern.compile("<(skip(?:Tests|ITs)|milvus\\.lite\\.skip)>([^<]*)<")
                  .matcher(Files.readString(pom));
          while (skip.find()) {
            assertThat(skip.group(2)).as(pom + ": " + skip.group(1)).isIn(allowed);
          }
        }
      }
    }
  }

  /** Finds nested classes that are static, or not marked, and have tests before their end. */
  private static List<String> staticNestedTests(String text) {
    List<String> found = new ArrayList<>();
    Matcher nested =
        Pattern.compile(
                "(@Nested\\s*)?\\n  (?:(?:private|protected|public|static|final) )*class (\\w+)")
            .matcher(text);
    while (nested.find()) {
      int end = text.indexOf("\n  }\n", nested.end());
      String body = text.substring(nested.end(), end < 0 ? text.length() : end);
      boolean isMarked = nested.group(1) != null && !nested.group().contains("static ");
      boolean hasTests =
          Pattern.compile(ANNOTATION).matcher(body).find()
              || body.substring(0, Math.max(0, body.indexOf('{'))).contains("Contract");
      if (hasTests && !isMarked) {
        found.add(nested.group(2));
      }
    }
    return found;
  }

  private static boolean hasTest(Path source, Optional<String> method) throws IOException {
    if (method.isEmpty()) {
      return true;
    }
    // Between the annotation and the name stand other annotations and the type, no statement.
    String declaration = ANNOTATION + "[^;]*?\\s" + Pattern.quote(method.get()) + "\\s*\\(";
    return Pattern.compile(declaration).matcher(Files.readString(source)).find();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    documents.add(ROOT.resolve("README.md"));
    documents.add(ROOT.resolve("CONTRIBUTING.md"));
    return documents;
  }

  private static Map<String, Path> testSources() throws IOException {
    Map<String, Path> sources = new TreeMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        addSources(module.resolve("src/test/java"), sources);
      }
    }
    // What the test kit ships: the contracts that the tiers' own tests extend.
    addSources(ROOT.resolve("cache-testkit/src/main/java"), sources);
    return sources;
  }

  private static void addSources(Path folder, Map<String, Path> sources) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
    }
  }
}
