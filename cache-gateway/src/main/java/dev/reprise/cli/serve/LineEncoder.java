package dev.reprise.cli.serve;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * Writes a line of the log as text. What a client or a server sent cannot end the line, nor be
 * taken for a field of it: {@code %line} is the message and {@code %pairs} its values, both
 * escaped.
 */
final class LineEncoder extends PatternLayoutEncoder {
  @Override
  public void start() {
    PatternLayout pattern = new PatternLayout();
    pattern.getInstanceConverterMap().put("line", Message::new);
    pattern.getInstanceConverterMap().put("pairs", Pairs::new);
    pattern.setContext(context);
    pattern.setPattern(getPattern());
    pattern.start();
    layout = pattern;
    started = true;
  }

  /** Returns {@code text} with control characters, and what {@code also} has, escaped. */
  static String escaped(String text, String also) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (also.indexOf(c) >= 0) {
                line.append('\\').appendCodePoint(c);
              } else if (isInvisible(c)) {
                line.append(String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  /** Control characters, line ends of any kind, and what turns the direction of a terminal. */
  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** The message. */
  static final class Message extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
      return escaped(String.valueOf(event.getFormattedMessage()), "");
    }
  }

  /** What the line tells besides: {@code key="value"} with blanks between. */
  static final class Pairs extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
      if (event.getKeyValuePairs() == null) {
        return "";
      }
      StringBuilder line = new StringBuilder();
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.append(line.isEmpty() ? "" : " ").append(pair.key).append("=\"");
        line.append(escaped(String.valueOf(pair.value), "\\\"")).append('"');
      }
      return line.toString();
    }
  }
}
