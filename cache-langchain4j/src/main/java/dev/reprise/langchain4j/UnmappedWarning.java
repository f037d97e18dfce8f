package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.integration.internal.WarningOnce;
import dev.reprise.model.Reason;
import org.slf4j.LoggerFactory;

/** Logs that requests of one kind are not cached, once for each class of parameters and reason. */
final class UnmappedWarning {
  private static final WarningOnce LOG =
      WarningOnce.to(LoggerFactory.getLogger("dev.reprise.langchain4j"));

  private UnmappedWarning() {}

  static void once(ChatRequest request, Reason reason) {
    LOG.warn(
        "Requests with parameters of {} bypass the cache: {}. This is logged once",
        request.parameters().getClass().getName(),
        reason.detail());
  }
}
