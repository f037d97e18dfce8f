package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the native models cost a process, and whom they talk to. Each in a JVM of its own. */
@Timeout(600)
class NativeModelsTest {
  private static final int ENGINES = 40;

  /** By how much so many engines may grow the process, in megabytes. */
  private static final int MOST_MEGABYTES = 100;

  @TempDir Path folder;

  private String run(List<String> options, String... arguments) throws Exception {
    Path output = folder.resolve("output");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(NativeModelsProgram.class.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(new File(output.toString()))
            .start();
    assertThat(process.waitFor(9, TimeUnit.MINUTES)).isTrue();
    String said = Files.readString(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  @Test
  void noSocketIsOpenedWhileModelsLoad() throws Exception {
    assertThat(run(List.of("-Xmx400m"), "sockets")).contains("sockets 0");
  }

  /** The same program sees what it looks for. */
  @Test
  void whoAllowsTrackingIsSeenToOpenOne() throws Exception {
    assertThat(run(List.of("-Xmx400m", "-DOPT_OUT_TRACKING=false"), "sockets"))
        .containsPattern("sockets [1-9]");
  }

  @Test
  void manyEnginesShareOneModel() throws Exception {
    // The heap is all there from the start, so that what grows is not it.
    String said =
        run(
            List.of("-Xms300m", "-Xmx300m", "-XX:+AlwaysPreTouch"),
            "memory",
            String.valueOf(ENGINES));
    String grown = said.substring(said.lastIndexOf("grown ") + 6).strip();
    assertThat(Integer.parseInt(grown)).as("MB of %s engines", ENGINES).isLessThan(MOST_MEGABYTES);
  }
}
