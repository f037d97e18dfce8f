package dev.reprise.springai;

import dev.reprise.integration.internal.WarningOnce;
import dev.reprise.model.Reason;
import org.slf4j.LoggerFactory;

/** Logs that requests of one kind are not cached, once for each kind and reason. */
final class UnmappedWarning {
  private static final WarningOnce LOG =
      WarningOnce.to(LoggerFactory.getLogger("dev.reprise.springai"));

  private UnmappedWarning() {}

  static void once(String model, Reason reason) {
    LOG.warn("Requests to {} bypass the cache: {}. This is logged once", model, reason.detail());
  }

  static void notStored(String why) {
    LOG.warn("An answer is not stored: {}. This is logged once", why);
  }
}
