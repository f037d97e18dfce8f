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
    String line = in.readLine();
    return line == null ? null : new EventReader.Event("", line, line + "\n");
  }
}
