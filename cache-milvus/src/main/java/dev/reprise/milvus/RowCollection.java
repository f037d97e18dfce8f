package dev.reprise.milvus;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.Similarity;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.TierException;
import io.milvus.v2.service.vector.request.DeleteReq;
import io.milvus.v2.service.vector.request.InsertReq;
import io.milvus.v2.service.vector.request.SearchReq;
import io.milvus.v2.service.vector.request.UpsertReq;
import io.milvus.v2.service.vector.request.data.FloatVec;
import io.milvus.v2.service.vector.response.SearchResp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of one collection: stored, searched and removed as its layout asks. */
final class RowCollection implements AutoCloseable {
  /** An index that approximates may have the nearest row behind others. */
  private static final int OVERSAMPLING = 2;

  private static final int LARGEST_FETCH = 200;

  private final Options options;
  private final Connection connection;

  RowCollection(Options options) {
    this.options = options;
    connection = new Connection(options);
  }

  String name() {
    return options.collection();
  }

  void prepare() {
    connection.prepare();
  }

  /** Stores rows that are alive, each in place of the one with its pointer. */
  void storeAll(Collection<SemanticRow> rows) {
    // A pointer twice in one insert would be two rows; the later one counts, as with an upsert.
    Map<ExactKey, JsonObject> data = new LinkedHashMap<>();
    for (SemanticRow row : rows) {
      data.put(row.pointer(), fields(row));
    }
    if (data.isEmpty()) {
      return;
    }
    List<JsonObject> all = List.copyOf(data.values());
    write(
        "store",
        clients -> {
          if (clients.layout().replacesByUpsert()) {
            clients
                .writing()
                .upsert(
                    UpsertReq.builder()
                        .databaseName(options.server().database())
                        .collectionName(options.collection())
                        .data(all)
                        .build());
          } else {
            clients.writing().delete(deletion(Filters.pointers(data.keySet())));
            clients
                .writing()
                .insert(
                    InsertReq.builder()
                        .databaseName(options.server().database())
                        .collectionName(options.collection())
                        .data(all)
                        .build());
          }
        });
  }

  private JsonObject fields(SemanticRow row) {
    JsonObject fields = new JsonObject();
    fields.addProperty(Schema.POINTER, row.pointer().hex());
    fields.addProperty(Schema.FINGERPRINT, row.fingerprint().hex());
    fields.addProperty(Schema.EXPIRES_AT, Filters.milliseconds(row.expiresAt()));
    JsonArray vector = new JsonArray(options.index().dimension());
    for (float component : row.vector().toArray()) {
      vector.add(component);
    }
    fields.add(Schema.VECTOR, vector);
    return fields;
  }

  List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    Connection.Clients clients = connection.clients();
    Instant now = options.clock().instant();
    SearchReq request = request(options, clients.layout(), fingerprint, query, limit, now);
    SearchResp response;
    try {
      response = clients.searching().search(request);
    } catch (RuntimeException e) {
      connection.failed(clients, e);
      throw MilvusFailures.of(options, "search", e);
    }
    try {
      return neighbours(response, query, clients.layout().index().isExact(), limit);
    } catch (RuntimeException e) {
      throw new TierException(
          MilvusSemanticTier.NAME,
          "search found a row that this tier did not write in the collection "
              + options.collection()
              + "; give the tier a collection of its own",
          e);
    }
  }

  /** Returns a search, as the index of the collection wants it. */
  static SearchReq request(
      Options options,
      Layout layout,
      Fingerprint fingerprint,
      Vector query,
      int limit,
      Instant now) {
    boolean isExact = layout.index().isExact();
    int fetched = isExact ? limit : Math.min(LARGEST_FETCH, OVERSAMPLING * limit);
    return SearchReq.builder()
        .databaseName(options.server().database())
        .collectionName(options.collection())
        .annsField(Schema.VECTOR)
        .data(List.of(new FloatVec(query.toArray())))
        .filter(Filters.alive(fingerprint, now))
        .limit(fetched)
        .outputFields(
            isExact ? List.of(Schema.FINGERPRINT) : List.of(Schema.FINGERPRINT, Schema.VECTOR))
        .consistencyLevel(options.consistency().level())
        .searchParams(searchParameters(options, layout.index(), fetched))
        .build();
  }

  private static Map<String, Object> searchParameters(
      Options options, MilvusStorage.Index index, int fetched) {
    Map<String, String> texts = new HashMap<>(index.searchDefaults());
    if (index.isGraphInMemory()) {
      texts.put("ef", Integer.toString(options.index().ef()));
    }
    if (index == options.storage().index()) {
      texts.putAll(options.storage().searchParameters());
    }
    Map<String, Object> parameters = new HashMap<>();
    texts.forEach(
        (name, text) ->
            parameters.put(
                name, text.indexOf('.') < 0 ? (Object) Long.valueOf(text) : Double.valueOf(text)));
    // These are refused where they are below the limit.
    for (String width : List.of("ef", "search_list")) {
      parameters.computeIfPresent(
          width, (name, value) -> Math.max(((Number) value).longValue(), fetched));
    }
    return parameters;
  }

  private static List<Neighbour> neighbours(
      SearchResp response, Vector query, boolean isExact, int limit) {
    List<SearchResp.SearchResult> results = response.getSearchResults().get(0);
    List<Neighbour> neighbours = new ArrayList<>(results.size());
    Set<ExactKey> seen = new HashSet<>();
    for (SearchResp.SearchResult result : results) {
      ExactKey pointer = ExactKey.ofHex(String.valueOf(result.getId()));
      if (seen.add(pointer)) {
        neighbours.add(
            new Neighbour(
                pointer,
                Fingerprint.ofHex(String.valueOf(result.getEntity().get(Schema.FINGERPRINT))),
                // With the metric COSINE, Milvus' score is the cosine, if its index keeps it.
                isExact
                    ? new Similarity(result.getScore())
                    : query.similarity(vector(result.getEntity().get(Schema.VECTOR)))));
      }
    }
    if (isExact) {
      return neighbours;
    }
    neighbours.sort(Comparator.comparing(Neighbour::similarity).reversed());
    return List.copyOf(neighbours.subList(0, Math.min(limit, neighbours.size())));
  }

  private static Vector vector(@Nullable Object field) {
    if (!(field instanceof List<?> numbers)) {
      throw new IllegalStateException("a row came without its vector");
    }
    float[] components = new float[numbers.size()];
    for (int i = 0; i < components.length; i++) {
      components[i] = ((Number) numbers.get(i)).floatValue();
    }
    return Vector.normalized(components);
  }

  void delete(String action, String filter) {
    write(action, clients -> clients.writing().delete(deletion(filter)));
  }

  private DeleteReq deletion(String filter) {
    return DeleteReq.builder()
        .databaseName(options.server().database())
        .collectionName(options.collection())
        .filter(filter)
        .build();
  }

  private void write(String action, Consumer<Connection.Clients> call) {
    Connection.Clients clients = connection.clients();
    try {
      call.accept(clients);
    } catch (RuntimeException e) {
      connection.failed(clients, e);
      throw MilvusFailures.of(options, action, e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
