package dev.reprise.cli.demo;

import dev.reprise.cli.cache.CacheSettings;
import dev.reprise.cli.io.HeaderLine;
import dev.reprise.cli.io.InputException;
import java.util.List;

/** The cache, as the demo sees it. Safe for use by several threads. */
public interface DemoCache extends AutoCloseable {

  /** Asks one question. What goes wrong is a {@link DemoReply.Failure}, not an exception. */
  DemoReply ask(DemoQuestion question);

  /**
   * Compares a question with a cached one, without asking it. Waits a few seconds until what was
   * just stored can be found by meaning: on a server that takes its time.
   */
  Comparison compare(DemoQuestion asked, String cached);

  /** Returns what it is made of, in lines for people. */
  List<HeaderLine> description();

  /** Returns what went wrong within the cache while it was asked, in lines for people. */
  List<String> troubles();

  @Override
  void close();

  /**
   * How near two questions are and what the matcher says to that.
   *
   * @param cosine their similarity as they are written
   * @param compared their similarity as the matcher compares them, acronyms written out
   * @param accepted whether the one's answer would be served for the other
   * @param why for people
   */
  record Comparison(double cosine, double compared, boolean accepted, String why) {}

  /** Opens a cache. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens the cache; what it does not have comes from {@code upstream}.
     *
     * @throws InputException if a server cannot be reached; the message says what to do
     */
    DemoCache open(CacheSettings settings, DemoUpstream upstream);
  }
}
