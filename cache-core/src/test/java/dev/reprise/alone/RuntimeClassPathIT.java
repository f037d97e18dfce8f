package dev.reprise.alone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What somebody gets who depends on reprise-core alone. The build resolves the class path before
 * (target/classpath.txt); this test also runs a program on exactly those jars.
 */
class RuntimeClassPathIT {
  private static final long MOST_BYTES = 8_000_000;
  private static final String PROGRAM = ExactOnly.class.getName().replace('.', '/') + ".class";

  @TempDir private Path folder;

  private static List<Path> jars() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String jar :
        Files.readString(Path.of("target/classpath.txt")).split(File.pathSeparator, -1)) {
      jars.add(Path.of(jar.strip()));
    }
    try (var built = Files.list(Path.of("target"))) {
      jars.add(
          built
              .filter(
                  file ->
                      file.getFileName().toString().matches("reprise-core-[^-]+(-SNAPSHOT)?\\.jar"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no jar in target: run ./mvnw package first")));
    }
    return jars;
  }

  @Test
  void itIsSmallAndHasNoModelNoFrameworkAndNoServer() throws IOException {
    long bytes = 0;
    for (Path jar : jars()) {
      bytes += Files.size(jar);
      assertThat(jar.toString())
          .doesNotContain("onnxruntime", "djl", "jvector", "langchain4j", "micrometer")
          .doesNotContain("jedis", "milvus");
    }
    System.out.println("reprise-core at run time: " + jars().size() + " jars, " + bytes + " bytes");
    assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
  }

  @Test
  void anExactOnlyProgramRunsOnThoseJars() throws Exception {
    Path program = folder.resolve(PROGRAM);
    Files.createDirectories(Optional.ofNullable(program.getParent()).orElseThrow());
    Files.copy(Path.of("target/test-classes").resolve(PROGRAM), program);
    List<String> path = new ArrayList<>(List.of(folder.toString()));
    jars().forEach(jar -> path.add(jar.toString()));
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, path),
                ExactOnly.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output.lines()).containsSubsequence("Computed", "ExactHit");
  }
}
