package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.reprise.engine.CacheEngine;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.ZeroFirstCall;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Reason;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What both cached chat models are made of.
 *
 * @param engine the cache
 * @param mapper from requests to keys
 * @param codec from responses to payloads and back
 * @param optionsFor the options of a request that was given none
 */
record ModelAdapter(
    CacheEngine engine,
    ChatRequestMapper mapper,
    ChatResponseCodec codec,
    Function<ChatRequest, CacheRequestOptions> optionsFor) {

  /** Maps a request that was given no options, into which the delegate's defaults are merged. */
  Mapping map(ChatRequest request, @Nullable ChatRequestParameters defaults) {
    ChatRequest merged = merged(request, defaults);
    return isWhole(request, merged) ? map(merged) : dropped(request, merged, CacheControl.DEFAULT);
  }

  /** Maps a request into which the delegate's defaults are merged. */
  Mapping map(
      ChatRequest request, @Nullable ChatRequestParameters defaults, CacheRequestOptions options) {
    Objects.requireNonNull(options, "options");
    ChatRequest merged = merged(request, defaults);
    return isWhole(request, merged)
        ? map(merged, options)
        : dropped(request, merged, options.control());
  }

  private static ChatRequest merged(ChatRequest request, @Nullable ChatRequestParameters defaults) {
    Objects.requireNonNull(request, "request");
    if (defaults == null) {
      // A model that a test mocks tells none.
      return request;
    }
    return ChatRequest.builder()
        .messages(request.messages())
        .parameters(defaults.overrideWith(request.parameters()))
        .build();
  }

  /**
   * Returns whether the merged parameters are of the request's class, or of one below it. Another
   * class lacks fields that the delegate may read all the same.
   */
  private static boolean isWhole(ChatRequest request, ChatRequest merged) {
    return request.parameters().getClass().isInstance(merged.parameters());
  }

  private static Mapping dropped(ChatRequest request, ChatRequest merged, CacheControl control) {
    return unmapped(
        request,
        "the request's parameters are of "
            + request.parameters().getClass().getName()
            + ", and the model's default parameters of "
            + merged.parameters().getClass().getName()
            + ", which has not all of their fields; use the parameters of the model's provider",
        control);
  }

  /** Maps a request, the delegate's defaults merged in, that was given no options. */
  Mapping map(ChatRequest request) {
    CacheRequestOptions options;
    try {
      options = optionsFor.apply(request);
    } catch (RuntimeException | LinkageError e) {
      return unmapped(
          request,
          "the function given as optionsFor failed with " + e.getClass().getName(),
          CacheControl.DEFAULT);
    }
    return isMissing(options)
        ? unmapped(request, "the function given as optionsFor returned null", CacheControl.DEFAULT)
        : map(request, options);
  }

  /** A caller's function may return null, whatever its type says. */
  private static boolean isMissing(@Nullable CacheRequestOptions options) {
    return options == null;
  }

  private static Mapping unmapped(ChatRequest request, String why, CacheControl control) {
    Reason reason = new Reason(Reason.Code.UNMAPPABLE, why);
    UnmappedWarning.once(request, reason);
    return new Mapping.Unmapped(reason, control);
  }

  /** Maps a request, the delegate's defaults merged in. */
  Mapping map(ChatRequest request, CacheRequestOptions options) {
    Mapping mapping = mapper.map(request, options);
    if (mapping instanceof Mapping.Unmapped unmapped) {
      UnmappedWarning.once(request, unmapped.reason());
    }
    return mapping;
  }

  /** Returns what is known of temperatures, for one request. */
  ZeroFirstCall.Temperature<ChatRequest> temperature(Mapping mapping) {
    return new ZeroFirstCall.Temperature<>(
        ZeroTemperature::in, ZeroTemperature::isRefused, () -> mapping.temperatureRefused(engine));
  }
}
