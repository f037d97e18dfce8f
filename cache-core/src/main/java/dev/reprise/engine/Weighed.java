package dev.reprise.engine;

/**
 * A chunk of a stream that knows its size. The engine keeps the chunks of a call in flight for
 * later equal requests. It keeps up to 4 Mi characters of such chunks per call. Other chunks are
 * limited by number only.
 */
@FunctionalInterface
public interface Weighed {
  /** Returns about how many characters it holds in memory, 0 or more. */
  int weight();
}
