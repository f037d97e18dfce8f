package dev.reprise.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.engine.CacheEngine;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.ZeroFirstCall;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Reason;
import java.util.function.Function;

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

  /** Maps a request, the delegate's defaults merged in, that was given no options. */
  Mapping map(ChatRequest request) {
    CacheRequestOptions options;
    try {
      options = optionsFor.apply(request);
    } catch (RuntimeException | LinkageError e) {
      return new Mapping.Unmapped(
          new Reason(
              Reason.Code.UNMAPPABLE,
              "the function given as optionsFor failed with " + e.getClass().getName()),
          CacheControl.DEFAULT);
    }
    return map(request, options);
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
