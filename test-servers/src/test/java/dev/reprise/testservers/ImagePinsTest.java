package dev.reprise.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The images' versions stand in docker/compose.yaml; whoever repeats them agrees with it. */
class ImagePinsTest {
  private static final Path DOCKER = Path.of("..", "docker");
  private static final Pattern IN_COMPOSE =
      Pattern.compile("\\$\\{(REPRISE_[A-Z]+_IMAGE):-([^}]+)\\}");
  private static final Pattern IN_EXAMPLE = Pattern.compile("(REPRISE_[A-Z]+_IMAGE)=(\\S+)");

  @Test
  void theTestsRunOnTheImagesOfTheStack() throws IOException {
    assertThat(pins("compose.yaml", IN_COMPOSE))
        .hasSize(7)
        .containsEntry("REPRISE_REDIS_IMAGE", RedisServer.DEFAULT_IMAGE)
        .containsEntry("REPRISE_MILVUS_IMAGE", MilvusServer.DEFAULT_IMAGE);
  }

  @Test
  void theExampleNamesTheDefaults() throws IOException {
    Map<String, String> inCompose = pins("compose.yaml", IN_COMPOSE);
    Map<String, String> inFleet = pins("compose.fleet.yaml", IN_COMPOSE);
    assertThat(inFleet).containsKey("REPRISE_NGINX_IMAGE");
    inFleet.forEach(
        (name, image) -> assertThat(inCompose.getOrDefault(name, image)).isEqualTo(image));
    inCompose.putAll(inFleet);
    assertThat(pins("env.example", IN_EXAMPLE)).isEqualTo(inCompose);
  }

  @Test
  void theStandInsSayWhatTheyStandFor() throws IOException {
    String readme = Files.readString(DOCKER.resolve("stand-in/README.md"));
    for (String image : pins("compose.yaml", IN_COMPOSE).values()) {
      assertThat(readme).contains("`" + image + "`");
    }
  }

  private static Map<String, String> pins(String file, Pattern pattern) throws IOException {
    Map<String, String> pins = new TreeMap<>();
    Matcher matcher = pattern.matcher(Files.readString(DOCKER.resolve(file)));
    while (matcher.find()) {
      pins.put(matcher.group(1), matcher.group(2));
    }
    return pins;
  }
}
