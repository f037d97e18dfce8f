package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.RequestListener;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Query;
import dev.reprise.gateway.http.Texts;
import dev.reprise.key.ExactKey;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.tier.Entry;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one entry: its whole answer, how often it was served since the start, and,
 * where a request that had it is remembered, the messages and parameters. Safe for use by several
 * threads.
 */
public final class AdminEntry implements RequestListener {
  /** So many entries have their hits counted: {@value}. */
  private static final int COUNTED = 50_000;

  /** The longest answer that is shown, in characters. */
  private static final int LONGEST_ANSWER = 200_000;

  /** The longest message or parameter that is shown, in characters. */
  private static final int LONGEST_PART = 8_000;

  private final DecisionLog decisions;
  private final InstantSource clock;
  private final Cache<ExactKey, AtomicLong> hits =
      Caffeine.newBuilder().maximumSize(COUNTED).executor(Runnable::run).build();

  public AdminEntry(DecisionLog decisions, InstantSource clock) {
    this.decisions = decisions;
    this.clock = clock;
  }

  @Override
  public void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    if (end instanceof CacheEvent.Finished finished
        && finished.outcome() instanceof Outcome.Hit hit) {
      hits.get(hit.entry().key(), key -> new AtomicLong()).incrementAndGet();
    }
  }

  /** Returns the entry whose key the query names. */
  ObjectNode json(CacheEngine engine, Query query) {
    ExactKey key = key(query.text("key", 64));
    AtomicReference<@Nullable Entry> found = new AtomicReference<>();
    engine.entries(
        entry -> {
          if (entry.key().equals(key)) {
            found.set(entry);
          }
          return found.get() == null;
        });
    Entry entry = found.get();
    if (entry == null) {
      throw ApiError.ofClient(404, "not_found", "there is no such entry, or not any more")
          .exception();
    }
    ObjectNode json = Json.object();
    EntryRow.of(entry).write(json);
    json.put("question", Texts.cut(EntryRow.questionOf(entry), LONGEST_ANSWER));
    json.put("answer", Texts.cut(entry.answer().text(), LONGEST_ANSWER));
    json.put("payload", Texts.cut(entry.answer().payload(), LONGEST_ANSWER));
    json.put("completion", entry.answer().completion().name().toLowerCase(Locale.ROOT));
    json.put("ageSeconds", entry.age(clock.instant()).toSeconds());
    AtomicLong served = hits.getIfPresent(key);
    json.put("hits", served == null ? 0 : served.get());
    request(key).ifPresent(request -> write(json.putObject("request"), request));
    return json;
  }

  private static ExactKey key(String hex) {
    try {
      return ExactKey.ofHex(hex);
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("key must be the 64 digits of an entry");
    }
  }

  /** Returns a request that has this key, where one is remembered. */
  private Optional<CacheRequest> request(ExactKey key) {
    return decisions.requestOf(key);
  }

  private static void write(ObjectNode json, CacheRequest request) {
    json.put("model", request.model());
    json.put("useCase", request.useCase().name());
    ArrayNode messages = json.putArray("messages");
    for (Message message : request.messages()) {
      StringBuilder text = new StringBuilder();
      for (Part part : message.parts()) {
        text.append(text.isEmpty() ? "" : "\n");
        text.append(
            part instanceof Part.Text words
                ? words.text()
                : "[" + part.getClass().getSimpleName().toLowerCase(Locale.ROOT) + "]");
      }
      messages
          .addObject()
          .put("role", message.role().name().toLowerCase(Locale.ROOT))
          .put("text", Texts.cut(text.toString(), LONGEST_PART));
    }
    ObjectNode parameters = json.putObject("parameters");
    request
        .parameters()
        .values()
        .forEach(
            (name, value) -> parameters.put(name, Texts.cut(String.valueOf(value), LONGEST_PART)));
    ArrayNode tools = json.putArray("tools");
    request.tools().forEach(tool -> tools.add(tool.name()));
  }
}
