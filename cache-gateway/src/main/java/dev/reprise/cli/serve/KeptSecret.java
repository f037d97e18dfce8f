package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The secret by which callers' keys are hashed, kept beside the answers that are found by it. */
final class KeptSecret {
  private static final String FILE = "scope-secret";
  private static final int BYTES = 32;

  private KeptSecret() {}

  /**
   * Returns the secret of a data directory; makes it where there is none.
   *
   * @throws InputException if it cannot be read or written
   */
  static byte[] in(Path directory) {
    Path file = directory.resolve(FILE);
    try {
      if (Files.exists(file)) {
        byte[] kept = Files.readAllBytes(file);
        if (kept.length == BYTES) {
          return kept;
        }
        throw new InputException(
            file
                + " is damaged: delete it, and answers that were kept for callers with a key are not found any more");
      }
      byte[] fresh = new byte[BYTES];
      new SecureRandom().nextBytes(fresh);
      Files.write(file, fresh);
      return fresh;
    } catch (IOException e) {
      throw new InputException("cannot read or write " + file + ": " + e.getMessage(), e);
    }
  }
}
