package dev.reprise.gateway.protocol;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Makes up identities for answers that are given again. Safe for use by several threads. */
public final class Identities {
  private static final int LENGTH = 29;
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param random safe for use by several threads
   */
  public Identities(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /**
   * Returns a new identity.
   *
   * @param prefix how its identifier begins
   */
  public Identity next(String prefix) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < LENGTH; i++) {
      id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return new Identity(id.toString(), clock.instant().getEpochSecond());
  }
}
