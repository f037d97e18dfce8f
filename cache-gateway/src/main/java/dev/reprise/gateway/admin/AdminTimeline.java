package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.admin.Timeline.Latency;
import dev.reprise.gateway.admin.Timeline.Slice;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Query;
import java.time.Duration;
import java.util.TreeMap;

/** What happened over time, for charts. */
final class AdminTimeline {
  private static final int MOST_SLICES = 60;

  private final Timeline timeline;

  AdminTimeline(Timeline timeline) {
    this.timeline = timeline;
  }

  /** Returns the last {@code minutes} of the query, 60 where it names none, in about 60 slices. */
  ObjectNode json(Query query) {
    int minutes = (int) query.number("minutes", 60, 1, Timeline.MINUTES);
    int step = (minutes + MOST_SLICES - 1) / MOST_SLICES;
    ObjectNode json = Json.object();
    json.put("stepSeconds", step * 60);
    write(json.putObject("whole"), timeline.whole(minutes));
    ArrayNode slices = json.putArray("slices");
    timeline.slices(minutes, step).forEach(slice -> write(slices.addObject(), slice));
    return json;
  }

  private static void write(ObjectNode json, Slice slice) {
    json.put("from", slice.from().toString());
    ObjectNode exact = json.putObject("exactHits");
    new TreeMap<>(slice.exactHits()).forEach(exact::put);
    json.put("semanticHits", slice.semanticHits());
    json.put("curatedHits", slice.curatedHits());
    json.put("misses", slice.misses());
    json.put("bypassed", slice.bypassed().values().stream().mapToLong(Long::longValue).sum());
    ObjectNode reasons = json.putObject("bypassedByReason");
    new TreeMap<>(slice.bypassed()).forEach(reasons::put);
    json.put("passed", slice.passed());
    json.put("unsatisfied", slice.unsatisfied());
    json.put("failed", slice.failed());
    json.put("cancelled", slice.cancelled());
    write(json.putObject("hitLatency"), slice.hits());
    write(json.putObject("missLatency"), slice.missed());
    json.put("secondsSaved", slice.timeSaved().toMillis() / 1e3);
    json.put("dollarsSaved", slice.dollarsSaved());
  }

  private static void write(ObjectNode json, Latency latency) {
    json.put("count", latency.count());
    if (latency.count() > 0) {
      json.put("p50Ms", milliseconds(latency.p50()));
      json.put("p95Ms", milliseconds(latency.p95()));
      json.put("p99Ms", milliseconds(latency.p99()));
    }
  }

  private static double milliseconds(Duration time) {
    return time.toNanos() / 1e6;
  }
}
