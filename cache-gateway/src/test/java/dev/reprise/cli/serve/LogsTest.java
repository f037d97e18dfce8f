package dev.reprise.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

/** What a line of the log looks like where somebody tries to forge one. */
class LogsTest {
  private static String line(String message, KeyValuePair... pairs) {
    LoggerContext context = new LoggerContext();
    LineEncoder encoder = new LineEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level - %line %pairs%n");
    encoder.start();
    LoggingEvent event =
        new LoggingEvent("f", context.getLogger("l"), Level.INFO, message, null, new Object[0]);
    event.setKeyValuePairs(List.of(pairs));
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }

  @Test
  void noValueForgesAField() {
    assertThat(line("request", new KeyValuePair("model", "m  2026 INFO level=\"ERROR\" \\")))
        .isEqualTo("INFO - request model=\"m  2026 INFO level=\\\"ERROR\\\" \\\\\"\n");
  }

  @Test
  void nothingEndsTheLineOrTurnsIt() {
    String evil = "a\r\nERROR forged\u2028x\u202Ey\u001b[31mz\u0000";
    String line = line(evil, new KeyValuePair("path", evil));

    assertThat(line.strip()).hasSize(line.length() - 1).doesNotContain("\n", "\r");
    assertThat(line).contains("a\\u000d\\u000aERROR", "\\u2028x\\u202ey\\u001b[31mz\\u0000");
  }

  @Test
  void otherLettersStayAsTheyAre() {
    assertThat(line("größer \uD83D\uDE00", new KeyValuePair("model", "模型")))
        .isEqualTo("INFO - größer \uD83D\uDE00 model=\"模型\"\n");
  }
}
