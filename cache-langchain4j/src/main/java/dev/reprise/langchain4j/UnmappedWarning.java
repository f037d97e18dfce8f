package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.model.Reason;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that requests of one kind are not cached, once for each class of parameters and reason. */
final class UnmappedWarning {
  private static final Logger LOG = LoggerFactory.getLogger("dev.reprise.langchain4j");
  private static final int MAXIMUM = 100;
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private UnmappedWarning() {}

  static void once(ChatRequest request, Reason reason) {
    String type = request.parameters().getClass().getName();
    if (SAID.size() < MAXIMUM && SAID.add(type + " " + reason.detail())) {
      LOG.warn(
          "Requests with parameters of {} bypass the cache: {}. This is logged once",
          type,
          reason.detail());
    }
  }
}
