package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.request.Scopes;
import dev.reprise.model.CacheException;
import dev.reprise.tier.Entry;
import dev.reprise.tier.Scan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.Map;

/**
 * Carries entries out of the cache and into it: {@code GET /admin/export} gives them as JSON Lines,
 * {@code POST /admin/import} takes some of these lines at a time. Safe for use by several threads.
 */
final class EntryImportExport {
  private static final Map<String, String> JSON_LINES =
      Map.of("Content-Type", "application/x-ndjson");
  private static final int PIECE_BYTES = 64 << 10;

  /** The member of a line that says which scope secret its scope comes from. */
  private static final String ISSUER = "issuer";

  private final CacheEngine engine;
  private final String issuer;
  private final InstantSource clock;

  /**
   * @param issuer tells the scope secret of this gateway from others
   */
  EntryImportExport(CacheEngine engine, String issuer, InstantSource clock) {
    this.engine = engine;
    this.issuer = issuer;
    this.clock = clock;
  }

  /** Answers with every entry. Where one could not be read the answer is broken off. */
  void export(Exchange exchange) {
    exchange.begin(200, JSON_LINES);
    Lines lines = new Lines(exchange, issuer);
    try {
      Scan end = engine.entries(lines::add);
      if (end == Scan.BROKEN_OFF) {
        exchange.breakOff(new CacheException("the exact tier failed in the middle of an export"));
        return;
      }
      exchange.end(lines.rest());
    } catch (UncheckedIOException e) {
      exchange.breakOff(e);
    }
  }

  /** Collects lines into pieces. */
  private static final class Lines {
    private final Exchange exchange;
    private final String issuer;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();

    Lines(Exchange exchange, String issuer) {
      this.exchange = exchange;
      this.issuer = issuer;
    }

    boolean add(Entry entry) {
      piece.writeBytes(Json.bytes(EntryJson.write(entry).put(ISSUER, issuer)));
      piece.write('\n');
      if (piece.size() >= PIECE_BYTES) {
        try {
          exchange.write(ByteBuffer.wrap(rest()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return true;
    }

    byte[] rest() {
      byte[] bytes = piece.toByteArray();
      piece.reset();
      return bytes;
    }
  }

  /**
   * Stores {@code {"entries": [...]}}. Returns how many were stored, how many are expired, and
   * which cannot be stored and why.
   */
  ObjectNode restore(ObjectNode body) {
    if (!(body.get("entries") instanceof ArrayNode entries)) {
      throw ApiError.ofClient(400, "invalid_request", "entries must be an array").exception();
    }
    int stored = 0;
    int expired = 0;
    ObjectNode answer = Json.object();
    ArrayNode refused = answer.putArray("refused");
    for (int i = 0; i < entries.size(); i++) {
      JsonNode line = entries.get(i);
      try {
        Entry entry = EntryJson.read(line);
        if (entry.isExpired(clock.instant())) {
          expired++;
        } else if (isForeign(line, entry)) {
          refuse(
              refused,
              i,
              "its gateway had another scope secret (--scope-secret-env): no client of this one"
                  + " would find it");
        } else if (engine.restore(entry)) {
          stored++;
        } else {
          refuse(refused, i, "the exact tier did not take it");
        }
      } catch (IllegalArgumentException | CacheException e) {
        refuse(refused, i, String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        refuse(refused, i, "the gateway is stopping");
      }
    }
    answer.put("stored", stored);
    answer.put("expired", expired);
    return answer;
  }

  /** Lines that do not say their issuer were written by hand, or before it was said. */
  private boolean isForeign(JsonNode line, Entry entry) {
    String said = line.path(ISSUER).asText(issuer);
    return !said.equals(issuer)
        && entry.tags().stream().flatMap(tag -> tag.asScope().stream()).anyMatch(Scopes::isHashed);
  }

  private static void refuse(ArrayNode refused, int index, String why) {
    refused.addObject().put("index", index).put("why", why);
  }
}
