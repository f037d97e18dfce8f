package dev.reprise.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The variables of the Compose files in docker, and who else must know them. */
class StackVariablesTest {
  private static final Path DOCKER = Path.of("..", "docker");
  private static final Pattern ANY = Pattern.compile("\\$\\{(REPRISE_\\w+)");
  private static final Pattern REQUIRED = Pattern.compile("\\$\\{(REPRISE_\\w+):\\?\\1 is not set");
  private static final Pattern AT_LINES_BEGIN = Pattern.compile("(?m)^#?(REPRISE_\\w+)=");
  private static final Pattern WITH_A_VALUE =
      Pattern.compile("(?m)^(REPRISE_\\w+)=[0-9a-f]{20,72}$");

  private @TempDir Path folder;

  @Test
  void theExampleNamesEachVariable() throws IOException {
    Set<String> inCompose = inCompose();
    assertThat(inCompose).hasSizeGreaterThan(15);
    assertThat(names(DOCKER.resolve("env.example"), AT_LINES_BEGIN)).isEqualTo(inCompose);
  }

  @Test
  void theDocumentNamesEachVariable() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "OPERATIONS.md"));
    for (String name : inCompose()) {
      assertThat(document).contains("`" + name + "`");
    }
  }

  @Test
  void whatIsRequiredIsMadeUpAndNothingThatIsThereIsChanged()
      throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("env"), "REPRISE_REDIS_PASSWORD=mine\nA=b");

    assertThat(makeEnvironment(file)).isZero();
    assertThat(Files.readString(file)).startsWith("REPRISE_REDIS_PASSWORD=mine\nA=b\n");
    Set<String> required = names(DOCKER.resolve("compose.yaml"), REQUIRED);
    assertThat(required).contains("REPRISE_REDIS_PASSWORD", "REPRISE_ADMIN_TOKEN");
    required.remove("REPRISE_REDIS_PASSWORD");
    assertThat(names(file, WITH_A_VALUE)).isEqualTo(required);

    String before = Files.readString(file);
    assertThat(makeEnvironment(file)).isEqualTo(1);
    assertThat(Files.readString(file)).isEqualTo(before);
  }

  private static Set<String> inCompose() throws IOException {
    Set<String> names = names(DOCKER.resolve("compose.yaml"), ANY);
    names.addAll(names(DOCKER.resolve("compose.fleet.yaml"), ANY));
    return names;
  }

  private static int makeEnvironment(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(DOCKER.resolve("make-env.sh").toString(), file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue();
  }

  private static Set<String> names(Path file, Pattern pattern) throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(Files.readString(file));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
