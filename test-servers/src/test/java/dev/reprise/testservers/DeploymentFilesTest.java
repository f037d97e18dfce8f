package dev.reprise.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is deployed has the form that its readers want, by their own schemas, and its parts fit
 * together.
 */
class DeploymentFilesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path MANIFESTS = ROOT.resolve("docker/kubernetes/reprise.yaml");
  private static final Path COMPOSE = ROOT.resolve("docker/compose.yaml");
  private static final Path FLEET = ROOT.resolve("docker/compose.fleet.yaml");
  private static final Path NGINX = ROOT.resolve("docker/fleet/nginx.conf");
  private static final Path WORKFLOW = ROOT.resolve(".github/workflows/build.yml");

  private @TempDir Path folder;

  /** What a run of the checks said. */
  private record Checked(int status, String output) {}

  @Test
  void eachFileHasTheFormThatItsReaderWants() throws Exception {
    Checked checked =
        check(
            "kubernetes",
            MANIFESTS.toString(),
            "compose",
            COMPOSE.toString(),
            "compose",
            FLEET.toString(),
            "nginx",
            NGINX.toString(),
            "workflow",
            WORKFLOW.toString());
    assertThat(checked.output()).isEmpty();
    assertThat(checked.status()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "kubernetes, docker/kubernetes/reprise.yaml, readinessProbe, readynessProbe",
    "kubernetes, docker/kubernetes/reprise.yaml, minAvailable: 2, minAvailable: [2]",
    "kubernetes, docker/kubernetes/reprise.yaml, averageUtilization: 60, averageUtilization: most",
    "compose, docker/compose.yaml, healthcheck:, helthcheck:",
    "compose, docker/compose.fleet.yaml, read_only: true, read_only: {}",
    "nginx, docker/fleet/nginx.conf, proxy_buffering off;, proxy_bufering off;",
    "workflow, .github/workflows/build.yml, runs-on:, run-on:"
  })
  void aMistakeIsFound(String kind, String file, String right, String wrong) throws Exception {
    String text = Files.readString(ROOT.resolve(file));
    assertThat(text).contains(right);
    Path broken = folder.resolve(Path.of(file).getFileName());
    Files.writeString(broken, text.replaceFirst(Pattern.quote(right), wrong));

    Checked checked = check(kind, broken.toString());
    assertThat(checked.status()).as(checked.output()).isEqualTo(1);
    assertThat(checked.output()).contains(broken.toString());
  }

  /** A budget or a scaler that names another deployment is valid, and does nothing. */
  @Test
  void thePartsOfTheManifestsNameEachOther() throws IOException {
    String deployment = document("Deployment");
    assertThat(deployment).contains("livenessProbe:", "readinessProbe:", "startupProbe:");
    assertThat(first("path: (/\\S+z)", deployment.split("readinessProbe:", 2)[1]))
        .isEqualTo("/readyz");
    String name = first("(?m)^  name: (\\S+)", deployment);
    String label = first("matchLabels:\\s+(app: \\S+)", deployment);
    assertThat(document("Service")).contains(label);

    String budget = document("PodDisruptionBudget");
    assertThat(first("matchLabels:\\s+(app: \\S+)", budget)).isEqualTo(label);
    int kept = number("minAvailable: (\\d+)", budget);
    int replicas = number("replicas: (\\d+)", deployment);
    assertThat(kept).isPositive().isLessThan(replicas);

    String scaler = document("HorizontalPodAutoscaler");
    assertThat(first("scaleTargetRef:[\\s\\S]*?name: (\\S+)", scaler)).isEqualTo(name);
    assertThat(number("minReplicas: (\\d+)", scaler)).isEqualTo(replicas).isGreaterThan(kept);
    // A share of what is requested means nothing where nothing is requested.
    assertThat(scaler).contains("name: cpu", "averageUtilization");
    assertThat(first("requests:\\s+cpu: (\\S+)", deployment)).isEqualTo("\"1\"");
  }

  private static String document(String kind) throws IOException {
    for (String each : Files.readString(MANIFESTS).split("(?m)^---$", -1)) {
      if (each.contains("\nkind: " + kind + "\n")) {
        return each;
      }
    }
    throw new AssertionError("no " + kind);
  }

  private static String first(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  private static int number(String pattern, String text) {
    return Integer.parseInt(first(pattern, text));
  }

  private Checked check(String... arguments) throws Exception {
    VirtualEnvironment python =
        VirtualEnvironment.of("deployment", resource("deployment-requirements.txt"));
    Path script = folder.resolve("check-deployment.py");
    Files.write(script, resource("check-deployment.py"));
    List<String> command = new ArrayList<>(List.of(python.python().toString(), script.toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Checked(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  private static byte[] resource(String name) {
    return VirtualEnvironment.resource(name);
  }
}
