package dev.reprise.gateway.protocol;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads a stream of JSON Lines, each line as an event. Not safe for use by several threads. */
public final class LineReader implements EventSource {
  private final BufferedReader in;

  public LineReader(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 13);
  }

  @Override
  public EventReader.@Nullable Event next() throws IOException {
    String line = line();
    return line == null ? null : new EventReader.Event("", line, line + "\n");
  }

  /** As {@link BufferedReader#readLine}, with a bound. */
  private @Nullable String line() throws IOException {
    StringBuilder line = new StringBuilder();
    int read = in.read();
    if (read < 0) {
      return null;
    }
    while (read >= 0 && read != '\n') {
      if (read != '\r' || !isLineFeedNext()) {
        line.append((char) read);
      }
      if (line.length() > EventReader.LONGEST) {
        throw new EventReader.TooLongException();
      }
      read = in.read();
    }
    return line.toString();
  }

  private boolean isLineFeedNext() throws IOException {
    in.mark(1);
    int next = in.read();
    in.reset();
    return next == '\n';
  }
}
