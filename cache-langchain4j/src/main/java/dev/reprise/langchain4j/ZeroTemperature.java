package dev.reprise.langchain4j;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.reprise.integration.internal.RefusedTemperature;
import java.util.Optional;
import java.util.OptionalInt;

/** Sets temperature 0 on a LangChain4j request, and recognises a model that refuses it. */
final class ZeroTemperature {
  private ZeroTemperature() {}

  /** Returns a copy with temperature 0; empty where the request's class of parameters drops it. */
  static Optional<ChatRequest> in(ChatRequest request) {
    try {
      ChatRequestParameters parameters =
          request
              .parameters()
              .overrideWith(ChatRequestParameters.builder().temperature(0.0).build());
      Double set = parameters.temperature();
      return set != null && set == 0 && parameters.getClass() == request.parameters().getClass()
          ? Optional.of(
              ChatRequest.builder().messages(request.messages()).parameters(parameters).build())
          : Optional.empty();
    } catch (RuntimeException | LinkageError e) {
      return Optional.empty();
    }
  }

  /** Returns whether the model may have failed because it takes no temperature. */
  static boolean isRefused(Throwable failure) {
    return RefusedTemperature.isLikely(
        failure,
        cause ->
            cause instanceof HttpException http
                ? OptionalInt.of(http.statusCode())
                : OptionalInt.empty());
  }
}
