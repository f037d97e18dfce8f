package dev.reprise.spring.boot;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Starts and stops contexts, and prints by how many megabytes the process grew. */
final class ContextRestartProgram {
  /** What is loaded and compiled once is no leak. */
  private static final int FIRST = 5;

  private ContextRestartProgram() {}

  /**
   * Restarts.
   *
   * @param arguments how often
   */
  public static void main(String[] arguments) throws IOException {
    restart(FIRST);
    long before = residentKilobytes();
    restart(Integer.parseInt(arguments[0]));
    System.out.println("grown " + (residentKilobytes() - before) / 1024);
    System.exit(0);
  }

  private static void restart(int times) {
    for (int i = 0; i < times; i++) {
      startAskAndStop();
    }
  }

  private static void startAskAndStop() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withPropertyValues("reprise.scope=shop")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              CacheEngine engine = context.getBean(CacheEngine.class);
              model.chat("How do I reset my password?");
              engine.drain(Duration.ofSeconds(30));
              model.chat("How can I reset my password?");
              if (engine.stats().semanticHits() != 1) {
                throw new IllegalStateException("no hit by meaning");
              }
            });
  }

  private static long residentKilobytes() throws IOException {
    System.gc();
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }
}
