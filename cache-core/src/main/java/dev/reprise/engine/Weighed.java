package dev.reprise.engine;

/**
 * A chunk of a stream that knows its size. The engine keeps the chunks of a call under way for
 * equal requests that come later; chunks that implement this are kept up to 4 Mi characters a call,
 * others by their number only.
 */
@FunctionalInterface
public interface Weighed {
  /** Returns about how many characters it holds in memory, 0 or more. */
  int weight();
}
