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
    Map<String, String> properties = found(PROPERTY, pom("bom/pom.xml"));
    assertThat(properties).isNotEmpty();
    assertThat(found(PROPERTY, pom("pom.xml"))).containsAllEntriesOf(properties);
    Map<String, String> tested = found(PIN, pom("pom.xml"));
    found(PIN, pom("bom/pom.xml"))
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
    try (var folders = Files.newDirectoryStream(Path.of(".."), "{cache-*,verifier-model}")) {
      for (Path folder : folders) {
        if (Files.exists(folder.resolve("pom.xml"))) {
          String pom = Files.readString(folder.resolve("pom.xml"));
          Matcher artifact = MODULE.matcher(pom.substring(pom.indexOf("</parent>")));
          assertThat(artifact.find()).as(folder.toString()).isTrue();
          assertThat(bom).contains("<artifactId>" + artifact.group(1) + "</artifactId>");
        }
      }
    }
  }
}
