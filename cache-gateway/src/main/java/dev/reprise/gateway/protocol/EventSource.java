package dev.reprise.gateway.protocol;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives the events of a stream one by one. Not safe for use by several threads. */
@FunctionalInterface
public interface EventSource {
  /**
   * Returns the next event; null at the end of the stream.
   *
   * @throws IOException if the stream breaks off
   */
  EventReader.@Nullable Event next() throws IOException;
}
