package dev.reprise.gateway.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/*
 * The text of an event is kept as it came, so that a client sees what it would see without a gateway: comments, which keep a
 * connection alive, fields that nobody knows here, and line ends of either kind.
 */
/**
 * Reads server-sent events (HTML Living Standard, section 9.2) one by one. Not safe for use by
 * several threads.
 */
public final class EventReader implements EventSource {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /** The longest event, in characters: {@value}. An image may be in one. */
  static final int LONGEST = 16 << 20;

  private static final String DEFAULT_NAME = "message";

  private final Reader in;
  private final StringBuilder raw = new StringBuilder();
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private boolean hasData;
  private boolean isFirst = true;
  private boolean endedWithReturn;

  public EventReader(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 13);
  }

  /** Ends a stream with an event, or a line, that is longer than one may be. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("an event of more than " + LONGEST + " characters");
    }
  }

  /**
   * One event, or what stands between two.
   *
   * @param name its name, empty where it has none or the default one
   * @param data its data, lines joined by line feeds; null where it has none, as a comment
   * @param raw all of it as it came, its blank line included
   */
  public record Event(String name, @Nullable String data, String raw) {
    /** Returns an event as a server would write it. */
    public static Event of(String name, String data) {
      return new Event(name, data, StreamChunk.event(name, data));
    }

    /** Returns the text of the same event with other data, of one line. */
    String withData(String other) {
      StringBuilder text = new StringBuilder();
      boolean isGiven = false;
      for (String line : raw.split("\\R", -1)) {
        boolean isData = line.equals("data") || line.startsWith("data:");
        if (isData && !isGiven) {
          text.append("data: ").append(other).append('\n');
          isGiven = true;
        } else if (!isData && !line.isEmpty()) {
          text.append(line).append('\n');
        }
      }
      return text.append('\n').toString();
    }
  }

  /**
   * Returns the next event; null at the end of the stream. What stands behind the last blank line
   * is an event, too.
   *
   * @throws IOException if the stream breaks off, or an event is longer than {@link #LONGEST}
   */
  @Override
  public @Nullable Event next() throws IOException {
    while (true) {
      String line = line();
      if (line == null) {
        return raw.isEmpty() ? null : event();
      }
      if (line.isEmpty()) {
        return event();
      }
      field(line);
    }
  }

  private Event event() {
    Event event =
        new Event(
            name.equals(DEFAULT_NAME) ? "" : name,
            hasData ? data.toString() : null,
            raw.toString());
    raw.setLength(0);
    data.setLength(0);
    name = "";
    hasData = false;
    return event;
  }

  private void field(String line) {
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    if (value.startsWith(" ")) {
      value = value.substring(1);
    }
    if (field.equals("data")) {
      if (hasData) {
        data.append('\n');
      }
      data.append(value);
      hasData = true;
    } else if (field.equals("event")) {
      name = value;
    }
  }

  /** Returns the next line without its end, which is CR, LF or both; null where there is none. */
  private @Nullable String line() throws IOException {
    int begin = raw.length();
    while (true) {
      int read = in.read();
      if (read < 0) {
        return raw.length() == begin ? null : raw.substring(begin);
      }
      char c = (char) read;
      if (isFirst) {
        isFirst = false;
        if (c == BYTE_ORDER_MARK) {
          continue;
        }
      }
      raw.append(c);
      if (raw.length() > LONGEST) {
        throw new TooLongException();
      }
      boolean isSecondHalf = c == '\n' && endedWithReturn;
      endedWithReturn = false;
      if (isSecondHalf) {
        begin = raw.length();
      } else if (c == '\n') {
        return raw.substring(begin, raw.length() - 1);
      } else if (c == '\r') {
        String line = raw.substring(begin, raw.length() - 1);
        secondHalf();
        return line;
      }
    }
  }

  /** Takes the LF behind a CR where it is there already; it is not waited for. */
  private void secondHalf() throws IOException {
    endedWithReturn = true;
    if (in.ready()) {
      in.mark(1);
      if (in.read() == '\n') {
        raw.append('\n');
        endedWithReturn = false;
      } else {
        in.reset();
      }
    }
  }
}
