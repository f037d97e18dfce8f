package dev.reprise.embedded;

import dev.reprise.testing.Entries;
import dev.reprise.tier.ExactTier;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Stores entries from four threads until it is killed, and prints the name of each when it is in.
 */
final class DataDirectoryProgram {
  private static final int THREADS = 4;
  private static final int MOST = 1_000_000;

  private DataDirectoryProgram() {}

  /**
   * Stores until it is killed.
   *
   * @param arguments the directory, and what the names begin with
   */
  public static void main(String[] arguments) {
    ExactTier tier = DataDirectory.open(Path.of(arguments[0])).exactTier();
    for (int thread = 0; thread < THREADS; thread++) {
      String prefix = arguments[1] + "-" + thread + "-";
      new Thread(
              () -> {
                for (int i = 0; i < MOST; i++) {
                  tier.store(Entries.entry(prefix + i, Instant.now()));
                  System.out.println(prefix + i);
                }
              })
          .start();
    }
  }
}
