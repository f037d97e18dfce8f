package dev.reprise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's code is code that runs. */
class SnippetTest {
  private static final Path README = Path.of("../README.md");
  private static final Path SOURCE = Path.of("src/main/java/dev/reprise/examples/QuickStart.java");

  @Test
  void theReadmesSnippetIsQuickStart() throws IOException {
    String code = between(Files.readString(SOURCE), "    // snippet\n", "    // end\n");

    assertThat(between(Files.readString(README), "```java\n", "```"))
        .as("the first ```java block of README.md, and QuickStart between // snippet and // end")
        .isEqualTo(code.indent(-4));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start);
    assertThat(from).as("'%s' is missing", start.strip()).isNotNegative();
    int to = text.indexOf(end, from + start.length());
    assertThat(to).as("'%s' is missing", end.strip()).isNotNegative();
    return text.substring(from + start.length(), to);
  }
}
