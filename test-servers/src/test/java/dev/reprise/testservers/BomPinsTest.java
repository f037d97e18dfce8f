package dev.reprise.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The BOM has no parent, so that nobody imports our test libraries: its versions are the build's.
 */
class BomPinsTest {
  private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9.-]+\\.version)>([^<]+)</\\1>");
  private static final Pattern PIN =
      Pattern.compile("<artifactId>([^<]+)</artifactId><version>([^<]+)</version>");
  private static final Pattern MODULE = Pattern.compile("<artifactId>(reprise-[^<]+)</artifactId>");

  private static Map<String, String> found(Pattern pattern, String pom) {
    Map<String, String> found = new TreeMap<>();
    Matcher matcher = pattern.matcher(pom);
    while (matcher.find()) {
      found.put(matcher.group(1), matcher.group(2));
    }
    return found;
  }

  private static String pom(String path) throws IOException {
    return Files.readString(Path.of("..").resolve(path));
  }

  @Test
  void theBomHasTheVersionsThatAreTested() throws IOException {
    compare("bom/pom.xml");
    compare("cache-quarkus/bom/pom.xml");
  }

  private static void compare(String bom) throws IOException {
    Map<String, String> properties = found(PROPERTY, pom(bom));
    assertThat(properties).isNotEmpty();
    assertThat(found(PROPERTY, pom("pom.xml"))).containsAllEntriesOf(properties);
    Map<String, String> tested = found(PIN, pom("pom.xml"));
    found(PIN, pom(bom))
        .forEach(
            (artifact, version) -> {
              if (!version.startsWith("${")) {
                assertThat(tested).containsEntry(artifact, version);
              }
            });
  }

  @Test
  void theBomHasTheVersionOfTheBuildAndNamesEachArtifact() throws IOException {
    String bom = pom("bom/pom.xml");
    Pattern version = Pattern.compile("</artifactId>\\s*<version>([^<]+)</version>");
    Matcher ours = version.matcher(pom("pom.xml"));
    Matcher its = version.matcher(bom);
    assertThat(ours.find()).isTrue();
    assertThat(its.find()).isTrue();
    assertThat(its.group(1)).isEqualTo(ours.group(1));
    int artifacts = 0;
    for (String pom : publishedPoms()) {
      Matcher artifact = MODULE.matcher(pom.substring(pom.indexOf("</parent>")));
      assertThat(artifact.find()).isTrue();
      assertThat(bom).contains("<artifactId>" + artifact.group(1) + "</artifactId>");
      artifacts++;
    }
    assertThat(artifacts).isGreaterThan(8);
  }

  /** The poms whose artifacts are published, in folders and in folders of folders. */
  private static List<String> publishedPoms() throws IOException {
    List<String> poms = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of(".."), 3)) {
      for (Path file : files.filter(path -> path.endsWith("pom.xml")).toList()) {
        String pom = Files.readString(file);
        if (pom.contains("<maven.deploy.skip>false</maven.deploy.skip>")) {
          poms.add(pom);
        }
      }
    }
    return poms;
  }
}
