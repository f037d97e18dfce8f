package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Contexts that come and go leave no native memory behind. In a JVM of its own. */
@Timeout(600)
class ContextRestartTest {
  private static final int RESTARTS = Integer.getInteger("reprise.restarts", 40);
  private static final int MOST_MEGABYTES = 100;

  /** The last one may still be on a stack. */
  private static final int MOST_LOADERS = 2;

  @TempDir Path folder;

  @Test
  void neitherMemoryNorClassesAreLeftByRestarts() throws Exception {
    Path output = folder.resolve("output");
    // The heap is all there from the start, so that what grows is not it.
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xms300m",
                    "-Xmx300m",
                    "-XX:+AlwaysPreTouch",
                    // Spring's caches hold classes softly.
                    "-XX:SoftRefLRUPolicyMSPerMB=0",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ContextRestartProgram.class.getName(),
                    String.valueOf(RESTARTS)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(9, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    int grown = number("grown ", said);
    System.out.println(RESTARTS + " restarts: " + grown + " MB more");
    assertThat(number("left ", said)).as("class loaders left").isLessThanOrEqualTo(MOST_LOADERS);
    assertThat(grown).as("MB of %s restarts", RESTARTS).isLessThan(MOST_MEGABYTES);
  }

  private static int number(String name, String said) {
    String line =
        said.lines().filter(each -> each.startsWith(name)).reduce((a, b) -> b).orElseThrow();
    return Integer.parseInt(line.substring(name.length()).strip());
  }
}
