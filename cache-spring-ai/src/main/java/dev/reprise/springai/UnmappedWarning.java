package dev.reprise.springai;

import dev.reprise.model.Reason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that requests of one kind are not cached, once for each kind and reason. */
final class UnmappedWarning {
  private static final Logger LOG = LoggerFactory.getLogger("dev.reprise.springai");
  private static final int MAXIMUM = 100;
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private UnmappedWarning() {}

  static void once(String model, Reason reason) {
    if (isNew(model + " " + reason.detail())) {
      LOG.warn("Requests to {} bypass the cache: {}. This is logged once", model, reason.detail());
    }
  }

  static void notStored(String why) {
    if (isNew(why)) {
      LOG.warn("An answer is not stored: {}. This is logged once", why);
    }
  }

  private static boolean isNew(String text) {
    return SAID.size() < MAXIMUM && SAID.add(text);
  }
}
