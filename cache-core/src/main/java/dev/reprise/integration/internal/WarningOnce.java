package dev.reprise.integration.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** Logs each warning once per process. Safe for use by several threads. */
public final class WarningOnce {
  /** How many warnings are logged at most: {@value}. */
  private static final int MAXIMUM = 100;

  private final Logger log;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  private WarningOnce(Logger log) {
    this.log = log;
  }

  /** Returns one that writes to {@code log}. */
  public static WarningOnce to(Logger log) {
    return new WarningOnce(log);
  }

  /**
   * Logs a warning, unless an equal one was logged before.
   *
   * @param format the message, with {@code {}} for each argument
   */
  public void warn(String format, String... arguments) {
    if (logged.size() < MAXIMUM && logged.add(format + String.join("\n", arguments))) {
      log.warn(format, (Object[]) arguments);
    }
  }
}
