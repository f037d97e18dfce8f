package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.BodyReader;
import dev.reprise.gateway.http.Exchange;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Query;
import dev.reprise.gateway.request.Credentials;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Lets administrators in, and nobody else, and gives each of their requests to who answers it. Safe
 * for use by several threads.
 */
public final class Admin {
  public static final String PREFIX = "/admin/";

  /** Where all entries are read: {@value}. */
  public static final String EXPORT = "/admin/export";

  private static final String CURATED = "/admin/curated";

  private final BodyReader bodies;
  private final EntryImportExport transfer;
  private final byte[] token;
  private final TokenBrake brake;
  private final Map<String, Function<Query, ObjectNode>> reading = new LinkedHashMap<>();
  private final Map<String, Function<ObjectNode, ObjectNode>> writing = new LinkedHashMap<>();
  private final Map<String, Function<Query, ObjectNode>> removing = new LinkedHashMap<>();

  /**
   * @param fleet knows what all instances counted
   * @param token what an administrator must show; empty where nobody is one
   * @param timeline has counted what the engine does
   * @param decisions has remembered what the engine did
   * @param entry has counted what each entry was served
   * @param breakdown has counted by model, key and use case
   * @param issuer tells this gateway's scope secret from others
   */
  public Admin(
      CacheEngine engine,
      BodyReader bodies,
      Fleet fleet,
      String token,
      Timeline timeline,
      DecisionLog decisions,
      AdminEntry entry,
      Breakdown breakdown,
      String issuer,
      InstantSource clock) {
    this.bodies = bodies;
    this.transfer = new EntryImportExport(engine, issuer, clock);
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.brake = new TokenBrake(clock);
    AdminTimeline times = new AdminTimeline(timeline);
    AdminDecisions feed = new AdminDecisions(engine, decisions);
    AdminEntries entries = new AdminEntries(engine, clock);
    AdminCorrections corrections = new AdminCorrections(engine, decisions);
    reading.put("/admin/stats", query -> fleet.json());
    reading.put("/admin/timeline", times::json);
    reading.put("/admin/decisions", feed::latest);
    reading.put("/admin/explain", feed::explain);
    reading.put("/admin/near-misses", feed::nearMisses);
    reading.put("/admin/entries", entries::json);
    reading.put("/admin/entry", query -> entry.json(engine, query));
    reading.put("/admin/breakdown", breakdown::json);
    writing.put("/admin/feedback", corrections::feedback);
    writing.put("/admin/approve", corrections::approve);
    writing.put("/admin/invalidate", corrections::invalidate);
    writing.put("/admin/import", transfer::restore);
    AdminCurated curated = new AdminCurated(engine);
    reading.put(CURATED, curated::json);
    writing.put(CURATED, curated::replace);
    writing.put(CURATED + "/rollback", curated::rollBack);
    writing.put(CURATED + "/proposal", curated::decide);
    writing.put(CURATED + "/alias", curated::alias);
    removing.put(CURATED, curated::remove);
  }

  /** Answers a request whose path begins with {@link #PREFIX}. */
  public void handle(Exchange exchange, String path) {
    letIn(exchange);
    String method = exchange.request().getMethod();
    Function<Query, ObjectNode> read = reading.get(path);
    Function<ObjectNode, ObjectNode> write = writing.get(path);
    Function<Query, ObjectNode> remove = removing.get(path);
    if (method.equals("GET") && read != null) {
      answer(exchange, read.apply(Query.of(exchange.request())));
    } else if (method.equals("GET") && path.equals(EXPORT)) {
      transfer.export(exchange);
    } else if (method.equals("DELETE") && remove != null) {
      answer(exchange, remove.apply(Query.of(exchange.request())));
    } else if (method.equals("POST") && write != null) {
      bodies.handle(exchange, (same, bytes, body) -> answer(same, write.apply(body)));
    } else {
      exchange.error(
          ApiError.ofClient(
              404,
              "not_found",
              "there is GET "
                  + String.join(", ", reading.keySet())
                  + ", "
                  + EXPORT
                  + ", POST "
                  + String.join(", ", writing.keySet())
                  + " and DELETE "
                  + String.join(", ", removing.keySet())));
    }
  }

  private void letIn(Exchange exchange) {
    if (token.length == 0) {
      throw ApiError.ofClient(
              403,
              "no_admin_token",
              "nobody may do this: start the gateway with an admin token (REPRISE_ADMIN_TOKEN)")
          .exception();
    }
    SocketAddress client = exchange.request().getConnectionMetaData().getRemoteSocketAddress();
    if (brake.isOn(client)) {
      exchange.retryAfter(TokenBrake.PER_ATTEMPT);
      throw ApiError.ofClient(
              429,
              "too_many_wrong_tokens",
              "too many wrong admin tokens came from your address; wait a second and try again")
          .exception();
    }
    String credential = Credentials.of(exchange.headers(), "");
    if (!MessageDigest.isEqual(token, credential.getBytes(StandardCharsets.UTF_8))) {
      if (!credential.isEmpty()) {
        brake.wrong(client);
      }
      throw ApiError.ofClient(
              401,
              "invalid_admin_token",
              credential.isEmpty()
                  ? "send the admin token: Authorization: Bearer TOKEN"
                  : "this is not the admin token of this gateway (REPRISE_ADMIN_TOKEN or"
                      + " --admin-token)")
          .exception();
    }
    brake.right(client);
  }

  private static void answer(Exchange exchange, ObjectNode body) {
    int status = body.path(AdminCorrections.PENDING).asBoolean() ? 202 : 200;
    exchange.json(status, Map.of("Cache-Control", "no-store"), Json.bytes(body));
  }
}
