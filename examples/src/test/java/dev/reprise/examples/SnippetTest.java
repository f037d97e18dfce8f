package dev.reprise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testing.ScriptedOpenAi;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documents' code is code that runs. */
class SnippetTest {
  private static final Path README = Path.of("../README.md");
  private static final Path GETTING_STARTED = Path.of("../docs/getting-started-java.md");
  private static final Path SOURCE = Path.of("src/main/java/dev/reprise/examples/QuickStart.java");

  @TempDir private Path folder;

  @Test
  void theReadmesSnippetIsQuickStart() throws IOException {
    String code = between(Files.readString(SOURCE), "    // snippet\n", "    // end\n");

    assertThat(between(Files.readString(README), "```java\n", "```"))
        .as("the first ```java block of README.md, and QuickStart between // snippet and // end")
        .isEqualTo(code.indent(-4));
  }

  @Test
  void theProgramOfGettingStartedPrintsWhatTheDocumentSays() throws Exception {
    String document = Files.readString(GETTING_STARTED);
    String program = between(document, "```java\n", "```");
    List<String> promised =
        between(document, "It prints:\n\n", "\n\n").lines().map(String::strip).toList();
    assertThat(promised).hasSize(3);
    compile(program);
    List<String> printed = List.of();
    // Rows are written behind the caller's back, and a lookup has a deadline: on a busy machine the
    // third question may come too soon.
    for (int runs = 0; runs < 5 && !printed.equals(promised); runs++) {
      try (ScriptedOpenAi provider = ScriptedOpenAi.answering(body -> "Open the settings.")) {
        printed = run(provider.baseUrl());
        assertThat(provider.calls()).isBetween(1, 2);
      }
    }
    assertThat(printed).isEqualTo(promised);
  }

  private void compile(String program) throws IOException {
    Path source = Files.writeString(folder.resolve("FirstHit.java"), program);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-cp", classPath(), source.toString());
    assertThat(status).as("javac, as the document's program").isZero();
  }

  /** Runs the program in a process of its own, as it reads its environment. */
  private List<String> run(String url) throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-cp",
            folder + File.pathSeparator + classPath(),
            "FirstHit");
    java.environment().put("OPENAI_BASE_URL", url);
    java.environment().put("OPENAI_API_KEY", "none");
    java.redirectError(folder.resolve("errors.txt").toFile());
    Process process = java.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("errors.txt"))).isZero();
    // A logger on the class path may write between.
    return output.lines().filter(line -> line.matches("\\w+ {2}.*")).toList();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start);
    assertThat(from).as("'%s' is missing", start.strip()).isNotNegative();
    int to = text.indexOf(end, from + start.length());
    assertThat(to).as("'%s' is missing", end.strip()).isNotNegative();
    return text.substring(from + start.length(), to);
  }
}
