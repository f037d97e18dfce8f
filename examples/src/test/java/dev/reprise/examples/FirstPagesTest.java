package dev.reprise.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages of Spring Boot and Quarkus show what the examples are. */
class FirstPagesTest {
  private static final Path SPRING_PAGE = Path.of("../docs/getting-started-spring.md");
  private static final Path SPRING = Path.of("spring-boot-spring-ai");
  private static final Path QUARKUS_PAGE = Path.of("../docs/getting-started-quarkus.md");
  private static final Path QUARKUS = Path.of("quarkus");
  private static final String JAVA = "```java\n";
  private static final String PROPERTIES = "```properties\n";
  private static final String XML = "```xml\n";

  @Test
  void thePageOfSpringBootIsAnExample() throws IOException {
    String page = Files.readString(SPRING_PAGE);
    assertThat(between(page, JAVA, "```"))
        .isEqualTo(source(SPRING, "java/com/example/shop/ShopApplication.java"));
    assertThat(between(page, PROPERTIES, "```"))
        .isEqualTo(source(SPRING, "resources/application.properties"));
    String pom = Files.readString(SPRING.resolve("pom.xml"));
    assertThat(between(pom, "<parent>", "</parent>"))
        .contains(between(page, "<parent>", "</parent>").strip());
    assertThat(coordinates(between(page, XML, "```"))).isEqualTo(coordinates(pom));
  }

  @Test
  void thePageOfSpringBootNamesTheStarterOfLangChain4jThatAnExampleHas() throws IOException {
    String page = Files.readString(SPRING_PAGE);
    String more = page.substring(page.indexOf("For **Boot 3.5 and LangChain4j**"));
    assertThat(more).contains("parent's version to `3.5.16`");
    String pom = Files.readString(Path.of("spring-boot-langchain4j/pom.xml"));
    assertThat(between(pom, "<parent>", "</parent>")).contains("<version>3.5.16</version>");
    assertThat(coordinates(pom)).containsAll(coordinates(between(more, XML, "```")));
  }

  @Test
  void thePageOfQuarkusIsAnExample() throws IOException {
    String page = Files.readString(QUARKUS_PAGE);
    assertThat(between(page, JAVA, "```"))
        .isEqualTo(source(QUARKUS, "java/com/example/Support.java"));
    assertThat(between(page, PROPERTIES, "```"))
        .isEqualTo(source(QUARKUS, "resources/application.properties"));
    assertThat(coordinates(between(page, XML, "```")))
        .isEqualTo(coordinates(Files.readString(QUARKUS.resolve("pom.xml"))));
  }

  private static String source(Path example, String file) throws IOException {
    return Files.readString(example.resolve("src/main").resolve(file));
  }

  /** Returns the dependencies and BOMs of a pom that are not for tests. */
  private static Set<String> coordinates(String pom) {
    Set<String> coordinates = new TreeSet<>();
    Matcher dependency =
        Pattern.compile("(?s)<dependency>(.*?)</dependency>")
            .matcher(pom.replaceAll("(?s)<exclusions>.*?</exclusions>", ""));
    while (dependency.find()) {
      String body = dependency.group(1);
      if (!body.contains("<scope>test</scope>")) {
        coordinates.add(
            value(body, "groupId")
                + ":"
                + value(body, "artifactId")
                + ":"
                + resolved(value(body, "version"), pom));
      }
    }
    assertThat(coordinates).isNotEmpty();
    return coordinates;
  }

  /** A version may be a property. */
  private static String resolved(String version, String pom) {
    if (version.equals("${project.version}")) {
      return value(pom.replaceAll("(?s)<parent>.*?</parent>", ""), "version");
    }
    return version.startsWith("${")
        ? value(pom, version.substring(2, version.length() - 1))
        : version;
  }

  private static String value(String xml, String element) {
    Matcher value = Pattern.compile("<" + Pattern.quote(element) + ">([^<]*)</").matcher(xml);
    return value.find() ? value.group(1) : "";
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start);
    assertThat(from).as("'%s' is missing", start.strip()).isNotNegative();
    int to = text.indexOf(end, from + start.length());
    assertThat(to).as("'%s' is missing", end.strip()).isNotNegative();
    return text.substring(from + start.length(), to);
  }
}
