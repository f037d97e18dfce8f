package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * Contexts that come and go leave no native memory behind. {@code -Dreprise.restarts=40} is the
 * long form: less than 100 MB in all.
 */
class ContextRestartTest {
  private static final int RESTARTS = Integer.getInteger("reprise.restarts", 8);
  private static final double MEGABYTES_EACH = 2.5;

  /** A heap that has not grown yet, and code that is compiled, are no leak. */
  private static final double SLACK = 40;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+([0-9]+) kB");

  private static double residentMegabytes() throws IOException {
    System.gc();
    Matcher resident = RESIDENT.matcher(Files.readString(Path.of("/proc/self/status")));
    assertThat(resident.find()).isTrue();
    return Long.parseLong(resident.group(1)) / 1024.0;
  }

  private static void startAskAndStop() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withPropertyValues("reprise.scope=shop")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              model.chat("How do I reset my password?");
              assertThat(context.getBean(CacheEngine.class).drain(Duration.ofSeconds(30))).isTrue();
              model.chat("How can I reset my password?");
              assertThat(context.getBean(CacheEngine.class).stats().semanticHits()).isEqualTo(1);
            });
  }

  @Test
  void residentMemoryDoesNotGrowWithRestarts() throws IOException {
    startAskAndStop();
    startAskAndStop();
    double before = residentMegabytes();
    for (int i = 0; i < RESTARTS; i++) {
      startAskAndStop();
    }
    double grown = residentMegabytes() - before;
    System.out.printf("%d restarts: %.0f MB more%n", RESTARTS, grown);
    assertThat(grown)
        .as("megabytes that %s restarts left", RESTARTS)
        .isLessThan(Math.min(100, SLACK + RESTARTS * MEGABYTES_EACH));
  }
}
