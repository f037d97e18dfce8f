package dev.reprise.springai;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Reply;
import dev.reprise.integration.internal.Mapping;
import dev.reprise.integration.internal.ZeroFirstCall;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * What the caching model and the advisor are made of.
 *
 * @param engine the cache
 * @param model whose default options are in the key
 * @param mapper from prompts to keys
 * @param codec from responses to payloads and back
 * @param streamCodec the same for streamed responses
 * @param optionsFor the options of a prompt that was given none
 */
record ModelAdapter(
    CacheEngine engine,
    ChatModel model,
    PromptMapper mapper,
    ChatResponseCodec codec,
    ChatResponseCodec streamCodec,
    Function<Prompt, CacheRequestOptions> optionsFor) {

  /** Maps a prompt that was given no options. */
  Mapping map(Prompt prompt) {
    return map(prompt, Map.of(), List.of());
  }

  /**
   * Maps a prompt that was given no options.
   *
   * @param added what shapes the answer beside the prompt
   * @param documents what the prompt was made from
   */
  Mapping map(Prompt prompt, Map<String, Object> added, List<Document> documents) {
    CacheRequestOptions options;
    try {
      options = optionsFor.apply(prompt);
    } catch (RuntimeException | LinkageError e) {
      return new Mapping.Unmapped(
          new Reason(
              Reason.Code.UNMAPPABLE,
              "the function given as optionsFor failed with " + e.getClass().getName()),
          CacheControl.DEFAULT);
    }
    return map(prompt, options, added, documents);
  }

  /** Maps a prompt. */
  Mapping map(Prompt prompt, CacheRequestOptions options) {
    return map(prompt, options, Map.of(), List.of());
  }

  private Mapping map(
      Prompt prompt,
      CacheRequestOptions options,
      Map<String, Object> added,
      List<Document> documents) {
    Mapping mapping;
    try {
      mapping = mapper.map(prompt, defaultOptions(), options, added, documents);
    } catch (RuntimeException | LinkageError e) {
      mapping =
          PromptMapper.unmapped(
              "the model's default options cannot be read: " + e.getClass().getName(), options);
    }
    if (mapping instanceof Mapping.Unmapped unmapped) {
      UnmappedWarning.once(mapper.provider(), unmapped.reason());
    }
    return mapping;
  }

  private @Nullable ChatOptions defaultOptions() {
    return SpringAi.defaultOptions(model);
  }

  /** Returns the prompt at temperature 0; empty where its options cannot be copied faithfully. */
  Optional<Prompt> atZero(Prompt prompt) {
    try {
      return ZeroTemperature.in(prompt, defaultOptions(), mapper.mappings());
    } catch (RuntimeException | LinkageError e) {
      return Optional.empty();
    }
  }

  /** Returns what is known of temperatures, for one request. */
  ZeroFirstCall.Temperature<Prompt> temperature(Mapping mapping) {
    return new ZeroFirstCall.Temperature<>(
        this::atZero, ZeroTemperature::isRefused, () -> mapping.temperatureRefused(engine));
  }

  /**
   * Returns one request's call of the model.
   *
   * @param asked calls it
   * @param responseOf returns the model's response of what it returns
   */
  <R> ZeroFirstCall<Prompt, R> call(
      Mapping mapping,
      Prompt prompt,
      Function<Prompt, R> asked,
      Function<R, @Nullable ChatResponse> responseOf) {
    return ZeroFirstCall.of(
        prompt,
        mapping,
        at -> {
          R given = asked.apply(at);
          return new Reply<>(codec.encode(responseOf.apply(given)), given);
        },
        temperature(mapping));
  }
}
