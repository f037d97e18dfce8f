package dev.reprise.peers;

/** A semantic cache with its defaults. */
interface Contender extends AutoCloseable {
  String name();

  /** Stores an answer to {@code cached}, asks {@code query}, and returns whether that hits. */
  boolean hits(int pair, String cached, String query);

  @Override
  void close();
}
