package dev.reprise.benchmarks.load;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked.
 *
 * @param name in tables
 * @param url its address, without a path
 * @param scenarios what it is asked
 * @param gateway whose meters must agree; null where it is not Reprise
 * @param tier which of its tiers has the hits
 */
record Contender(
    String name,
    String url,
    List<Scenario> scenarios,
    @Nullable GatewayProcess gateway,
    String tier) {
  /** Returns where completions are asked for. */
  String endpoint() {
    return url + "/v1/chat/completions";
  }

  /** Returns how many hits its own meters have counted; 0 where it has none. */
  long hits() throws IOException, InterruptedException {
    if (gateway == null) {
      return 0;
    }
    Map<String, Double> meters = gateway.meters();
    return meters
        .getOrDefault("cache_gets_total{result=\"hit\",tier=\"" + tier + "\"}", 0.0)
        .longValue();
  }
}
