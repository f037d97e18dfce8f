package dev.reprise.embedded;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The log of JVector, which speaks to java.util.logging. Nothing of ours is logged here.
 *
 * <p>At every start it would say that a newer Java is faster.
 */
final class JVectorLog {
  // Kept, since a logger that nobody holds forgets its level.
  private static final Logger LIBRARY = Logger.getLogger("io.github.jbellis.jvector");

  private JVectorLog() {}

  /** Leaves out what is less than an error, unless a level was set: whoever set one reads it. */
  static void quieten() {
    if (LIBRARY.getLevel() == null) {
      LIBRARY.setLevel(Level.SEVERE);
    }
  }
}
