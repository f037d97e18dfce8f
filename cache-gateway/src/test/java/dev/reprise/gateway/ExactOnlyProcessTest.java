package dev.reprise.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that matches exactly only, as users start it: it loads no model, and stays small. */
class ExactOnlyProcessTest {
  private static final long MOST_BYTES = 150_000_000;

  private static final List<String> OF_OTHER_TIERS =
      List.of(
          "ai.onnxruntime.OnnxRuntime ",
          "ai.onnxruntime.OrtEnvironment ",
          "ai.onnxruntime.OrtSession ",
          "io.github.jbellis.",
          "redis.clients.",
          "io.milvus.v2.client.");

  @TempDir private Path folder;

  @Test
  void itLoadsNoModelAndStaysSmall() throws Exception {
    Path classes = folder.resolve("classes.txt");
    // As docs/OPERATIONS.md has them for a small gateway.
    List<String> java =
        List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:class+load:file=" + classes);
    try (ScriptedModelServer upstream = new ScriptedModelServer();
        SmallHeapGateway gateway =
            new SmallHeapGateway(
                java, upstream.url(), folder.resolve("log.txt"), "--tiers", "memory")) {
      for (String expected : List.of("miss", "hit-exact")) {
        assertThat(ask(gateway.url())).isEqualTo(expected);
      }
      assertThat(gateway.peakBytes().orElse(0)).isLessThan(MOST_BYTES);
    }
    List<String> loaded = Files.readAllLines(classes);
    assertThat(loaded).anyMatch(line -> line.contains("dev.reprise.gateway.Gateway "));
    assertThat(loaded).noneMatch(line -> OF_OTHER_TIERS.stream().anyMatch(line::contains));
  }

  private static String ask(URI gateway) throws Exception {
    String body =
        "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}";
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(gateway + "/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .headers()
        .firstValue("x-reprise-cache")
        .orElse("none");
  }
}
