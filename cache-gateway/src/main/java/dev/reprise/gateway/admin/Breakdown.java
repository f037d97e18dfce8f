package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEvent;
import dev.reprise.engine.Cost;
import dev.reprise.engine.Outcome;
import dev.reprise.engine.RequestListener;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Query;
import dev.reprise.gateway.http.Texts;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.model.CacheRequest;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts by model, by key (scope) and by use case what became of requests since the start. Of each
 * at most {@value #MOST_NAMES} names are counted apart, later ones together. Safe for use by
 * several threads.
 */
public final class Breakdown implements RequestListener {
  /** How many names are counted apart: {@value}. */
  static final int MOST_NAMES = 200;

  private static final int MOST_SHOWN = 50;
  private static final int LONGEST_NAME = 100;
  private static final String OTHERS = "(others)";
  private static final String UNREAD = "(not read)";

  private final Map<Dimension, Map<String, Counts>> counts = new EnumMap<>(Dimension.class);

  /** What requests are told apart by. */
  enum Dimension {
    MODEL,
    KEY,
    USE_CASE;

    String of(@Nullable CacheRequest request) {
      if (request == null) {
        return UNREAD;
      }
      String name =
          switch (this) {
            case MODEL -> request.model();
            case KEY -> Scopes.label(request.scope().name());
            case USE_CASE -> request.useCase().name();
          };
      return name.isBlank() ? UNREAD : Texts.cut(name, LONGEST_NAME);
    }
  }

  private static final class Counts {
    private long exactHits;
    private long semanticHits;
    private long curatedHits;
    private long misses;
    private long wouldHits;
    private long bypassed;
    private long failed;
    private long millisecondsSaved;
    private double dollarsSaved;

    private long all() {
      return exactHits + semanticHits + curatedHits + misses + bypassed + failed;
    }

    private void add(CacheEvent.Terminal end) {
      if (!(end instanceof CacheEvent.Finished finished)) {
        failed++;
      } else if (finished.outcome() instanceof Outcome.Hit hit) {
        exactHits += hit instanceof Outcome.ExactHit ? 1 : 0;
        semanticHits += hit instanceof Outcome.SemanticHit ? 1 : 0;
        curatedHits += hit instanceof Outcome.CuratedHit ? 1 : 0;
        millisecondsSaved += hit.saving().time().toMillis();
        dollarsSaved += hit.saving().cost() instanceof Cost.Dollars known ? known.usd() : 0;
      } else if (finished.outcome() instanceof Outcome.Bypassed) {
        bypassed++;
      } else {
        misses++;
        wouldHits += finished.outcome().wouldHit().isPresent() ? 1 : 0;
      }
    }

    private void write(String name, ObjectNode json) {
      json.put("name", name);
      json.put("requests", all());
      json.put("exactHits", exactHits);
      json.put("semanticHits", semanticHits);
      json.put("curatedHits", curatedHits);
      json.put("misses", misses);
      json.put("wouldHits", wouldHits);
      json.put("bypassed", bypassed);
      json.put("failed", failed);
      json.put("secondsSaved", millisecondsSaved / 1e3);
      json.put("dollarsSaved", dollarsSaved);
    }
  }

  public Breakdown() {
    for (Dimension dimension : Dimension.values()) {
      counts.put(dimension, new LinkedHashMap<>());
    }
  }

  @Override
  public synchronized void onEnd(@Nullable CacheRequest request, CacheEvent.Terminal end) {
    counts.forEach(
        (dimension, names) -> {
          String name = dimension.of(request);
          boolean hasRoom = names.size() < MOST_NAMES || names.containsKey(name);
          names.computeIfAbsent(hasRoom ? name : OTHERS, key -> new Counts()).add(end);
        });
  }

  /** Returns the counts, those with the most requests first. */
  synchronized ObjectNode json(Query query) {
    int most = (int) query.number("limit", MOST_SHOWN, 1, MOST_NAMES);
    ObjectNode json = Json.object();
    counts.forEach(
        (dimension, names) -> {
          ArrayNode list =
              json.putArray(
                  switch (dimension) {
                    case MODEL -> "byModel";
                    case KEY -> "byKey";
                    case USE_CASE -> "byUseCase";
                  });
          sorted(names, most).forEach(one -> one.getValue().write(one.getKey(), list.addObject()));
        });
    return json;
  }

  private static List<Map.Entry<String, Counts>> sorted(Map<String, Counts> names, int most) {
    return names.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Counts> one) -> one.getValue().all())
                .reversed()
                .thenComparing(Map.Entry::getKey))
        .limit(most)
        .toList();
  }
}
