package dev.reprise.cli;

import java.util.List;

/** The cache, as the demo sees it. Safe for use by several threads. */
interface DemoCache extends AutoCloseable {

  /** Asks one question. What goes wrong is a {@link Reply.Failure}, not an exception. */
  Reply ask(DemoQuestion question);

  /** Compares two questions without asking them; {@code answer} is the cached one's. */
  Comparison compare(String asked, String cached, String answer);

  /** Returns what it is made of, in lines for people. */
  List<Line> description();

  /** Returns what went wrong within the cache while it was asked, in lines for people. */
  List<String> troubles();

  @Override
  void close();

  /**
   * One line of a description.
   *
   * @param name a word
   * @param value what it is
   */
  record Line(String name, String value) {}

  /**
   * How near two questions are and what the matcher says to that.
   *
   * @param cosine their similarity
   * @param accepted whether the one's answer would be served for the other
   * @param why for people
   */
  record Comparison(double cosine, boolean accepted, String why) {}
}
