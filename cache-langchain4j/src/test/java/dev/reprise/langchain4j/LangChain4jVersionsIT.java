package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The models work, and hit, with the oldest supported version of LangChain4j, newer ones, and ours.
 */
class LangChain4jVersionsIT {
  private static final Path JARS =
      Path.of(System.getProperty("langchain4j.versions", "target/langchain4j-versions"));

  static List<String> versions() throws Exception {
    try (Stream<Path> jars = Files.list(JARS)) {
      return jars.map(jar -> jar.getFileName().toString())
          .filter(name -> name.startsWith("langchain4j-core-"))
          .map(
              name -> name.substring("langchain4j-core-".length(), name.length() - ".jar".length()))
          .sorted()
          .toList();
    }
  }

  /** Loads LangChain4j, and what depends on it, anew; everything else is shared. */
  private static final class OneVersion extends URLClassLoader {
    OneVersion(String version) throws Exception {
      super(
          new URL[] {
            JARS.resolve("langchain4j-core-" + version + ".jar").toUri().toURL(),
            JARS.resolve("langchain4j-open-ai-" + version + ".jar").toUri().toURL(),
            CachingChatModel.class.getProtectionDomain().getCodeSource().getLocation(),
            VersionProgram.class.getProtectionDomain().getCodeSource().getLocation()
          },
          LangChain4jVersionsIT.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (name.startsWith("dev.langchain4j.") || name.startsWith("dev.reprise.langchain4j.")) {
          Class<?> known = findLoadedClass(name);
          return known == null ? findClass(name) : known;
        }
        return super.loadClass(name, resolve);
      }
    }
  }

  @Test
  void theVersionsAreThere() throws Exception {
    assertThat(versions()).hasSizeGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @MethodSource("versions")
  @SuppressWarnings("unchecked") // It is ours, of another loader.
  void everyKindOfRequestIsAnsweredAndHits(String version) throws Exception {
    try (OneVersion loader = new OneVersion(version)) {
      Class<?> program = loader.loadClass(VersionProgram.class.getName());
      List<String> lines = ((Supplier<List<String>>) program.getConstructor().newInstance()).get();
      assertThat(lines)
          .as("LangChain4j " + version)
          .containsExactly(
              "plain 1 same",
              "system 1 same",
              "conversation 1 same",
              "tools 1 same",
              "stream 1 same");
    }
  }
}
