package dev.reprise.milvus;

import dev.reprise.tier.TierException;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.common.DataType;
import io.milvus.v2.common.IndexParam;
import io.milvus.v2.exception.ErrorCode;
import io.milvus.v2.exception.MilvusClientException;
import io.milvus.v2.service.collection.request.AddFieldReq;
import io.milvus.v2.service.collection.request.CreateCollectionReq;
import io.milvus.v2.service.collection.request.DescribeCollectionReq;
import io.milvus.v2.service.collection.request.GetLoadStateReq;
import io.milvus.v2.service.collection.request.HasCollectionReq;
import io.milvus.v2.service.collection.request.LoadCollectionReq;
import io.milvus.v2.service.collection.response.DescribeCollectionResp;
import io.milvus.v2.service.index.request.CreateIndexReq;
import io.milvus.v2.service.index.request.DescribeIndexReq;
import io.milvus.v2.service.index.request.ListIndexesReq;
import io.milvus.v2.service.index.response.DescribeIndexResp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/*
 * The pointer is the primary key and there is no partition key: so that an upsert replaces the row with the same pointer, in one
 * request, on every version of Milvus, and no search finds a pointer twice. (With a partition key, Milvus 2.3 writes upserted
 * rows where a filtered search does not look.)
 *
 * Whose vectors a collection holds stands in a marker, once as a property and once as the description: Milvus Lite keeps the
 * first only, and a proxy may filter it.
 */
/** Creates the collection, or checks the one that is there. */
final class Schema {
  static final String POINTER = "pointer";
  static final String FINGERPRINT = "fingerprint";
  static final String EXPIRES_AT = "expires_at";
  static final String VECTOR = "vector";

  private static final String VERSION = "1";
  private static final Pattern BEFORE_INVERTED_INDEXES = Pattern.compile("^v?2\\.[0-3]\\.");
  private static final String MARKER_PROPERTY = "reprise";
  private static final int HASH_LENGTH = 64;
  private static final int LOAD_CHECKS = 600;
  private static final int APPEARANCE_CHECKS = 10;
  private static final long CHECK_MILLISECONDS = 100;

  private final Options options;
  private final MilvusClientV2 client;

  private Schema(Options options, MilvusClientV2 client) {
    this.options = options;
    this.client = client;
  }

  /**
   * Makes the collection ready for search. Every step may be repeated, and done by several
   * processes at once.
   *
   * @throws TierException if the collection that is there was made otherwise
   * @throws MilvusClientException if the server fails
   */
  static void prepare(Options options, MilvusClientV2 client) {
    Schema schema = new Schema(options, client);
    boolean created = !schema.exists();
    if (created) {
      schema.create();
    }
    schema.check();
    schema.index(created);
    schema.load();
  }

  private boolean exists() {
    return client.hasCollection(
        HasCollectionReq.builder()
            .databaseName(options.database())
            .collectionName(options.collection())
            .build());
  }

  private void create() {
    CreateCollectionReq.CollectionSchema schema =
        CreateCollectionReq.CollectionSchema.builder().build();
    schema.addField(
        AddFieldReq.builder()
            .fieldName(POINTER)
            .dataType(DataType.VarChar)
            .maxLength(HASH_LENGTH)
            .isPrimaryKey(true)
            .autoID(false)
            .build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(FINGERPRINT)
            .dataType(DataType.VarChar)
            .maxLength(HASH_LENGTH)
            .build());
    schema.addField(AddFieldReq.builder().fieldName(EXPIRES_AT).dataType(DataType.Int64).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VECTOR)
            .dataType(DataType.FloatVector)
            .dimension(options.dimension())
            .build());
    try {
      client.createCollection(
          CreateCollectionReq.builder()
              .databaseName(options.database())
              .collectionName(options.collection())
              .description(marker())
              .property(MARKER_PROPERTY, marker())
              .collectionSchema(schema)
              .consistencyLevel(options.consistency().level())
              .build());
    } catch (MilvusClientException e) {
      // Another process may have been faster; what it made is checked next.
      if (e.getErrorCode() != ErrorCode.SERVER_ERROR || !appears()) {
        throw e;
      }
    }
  }

  // Milvus Lite refuses to create what is being created already, a moment before it says that it is
  // there.
  private boolean appears() {
    for (int check = 0; check < APPEARANCE_CHECKS; check++) {
      if (exists()) {
        return true;
      }
      pause();
    }
    return exists();
  }

  private String marker() {
    return "reprise/" + VERSION + " " + options.embedderId();
  }

  private void check() {
    DescribeCollectionResp found =
        client.describeCollection(
            DescribeCollectionReq.builder()
                .databaseName(options.database())
                .collectionName(options.collection())
                .build());
    Map<String, String> properties =
        found.getProperties() == null ? Map.of() : found.getProperties();
    String marker = properties.getOrDefault(MARKER_PROPERTY, found.getDescription());
    if (marker == null || !marker.startsWith("reprise/")) {
      throw refusal("was not made by Reprise");
    }
    int space = marker.indexOf(' ');
    String version = marker.substring("reprise/".length(), space < 0 ? marker.length() : space);
    if (!version.equals(VERSION)) {
      throw refusal("has schema version " + version + ", but this release writes " + VERSION);
    }
    Integer dimension = vectorField(found).getDimension();
    if (dimension == null || dimension != options.dimension()) {
      throw refusal(
          "has vectors of dimension "
              + dimension
              + ", but the embedder's have dimension "
              + options.dimension());
    }
    if (!marker.equals(marker())) {
      throw refusal(
          "holds vectors of the embedder "
              + marker.substring(space + 1)
              + ", but this one is "
              + options.embedderId());
    }
  }

  private CreateCollectionReq.FieldSchema vectorField(DescribeCollectionResp found) {
    CreateCollectionReq.FieldSchema field = found.getCollectionSchema().getField(VECTOR);
    if (field == null) {
      throw refusal("has no field " + VECTOR);
    }
    return field;
  }

  private TierException refusal(String what) {
    return new TierException(
        MilvusSemanticTier.NAME,
        "the collection "
            + options.collection()
            + " "
            + what
            + "; use another collection name, or drop it if its rows are no longer needed");
  }

  // Asked by listing: a description that is not there the SDK logs as an error, and one of Milvus
  // Lite's index over fingerprints it cannot read.
  private void index(boolean created) {
    if (created || !hasIndex(VECTOR)) {
      createIndex(
          IndexParam.builder()
              .fieldName(VECTOR)
              .indexName(VECTOR)
              .indexType(IndexParam.IndexType.HNSW)
              .metricType(IndexParam.MetricType.COSINE)
              .extraParams(Map.of("M", options.m(), "efConstruction", options.efConstruction()))
              .build());
    }
    DescribeIndexResp.IndexDesc index = describeIndex(VECTOR).getIndexDescByFieldName(VECTOR);
    if (index.getMetricType() != IndexParam.MetricType.COSINE) {
      throw refusal("has an index with metric " + index.getMetricType() + ", but needs COSINE");
    }
    if (index.getIndexType() != IndexParam.IndexType.HNSW) {
      throw refusal("has an index of type " + index.getIndexType() + ", but needs HNSW");
    }
    if (created || !hasIndex(FINGERPRINT)) {
      indexFingerprint();
    }
  }

  // It only makes the filter faster, so that a server which offers neither kind is served without.
  private void indexFingerprint() {
    List<IndexParam.IndexType> kinds =
        BEFORE_INVERTED_INDEXES.matcher(client.getServerVersion()).find()
            ? List.of(IndexParam.IndexType.TRIE, IndexParam.IndexType.INVERTED)
            : List.of(IndexParam.IndexType.INVERTED, IndexParam.IndexType.TRIE);
    for (IndexParam.IndexType kind : kinds) {
      try {
        createIndex(
            IndexParam.builder()
                .fieldName(FINGERPRINT)
                .indexName(FINGERPRINT)
                .indexType(kind)
                .build());
        return;
      } catch (MilvusClientException e) {
        if (e.getErrorCode() != ErrorCode.SERVER_ERROR) {
          throw e;
        }
      }
    }
  }

  private boolean hasIndex(String field) {
    return !client
        .listIndexes(
            ListIndexesReq.builder()
                .databaseName(options.database())
                .collectionName(options.collection())
                .fieldName(field)
                .build())
        .isEmpty();
  }

  private DescribeIndexResp describeIndex(String field) {
    return client.describeIndex(
        DescribeIndexReq.builder()
            .databaseName(options.database())
            .collectionName(options.collection())
            .fieldName(field)
            .build());
  }

  private void createIndex(IndexParam index) {
    try {
      client.createIndex(
          CreateIndexReq.builder()
              .databaseName(options.database())
              .collectionName(options.collection())
              .indexParams(List.of(index))
              .sync(false)
              .build());
    } catch (MilvusClientException e) {
      // Another process may have been faster.
      if (e.getErrorCode() != ErrorCode.SERVER_ERROR || !hasIndex(index.getFieldName())) {
        throw e;
      }
    }
  }

  private void load() {
    // The SDK would wait too, but inside one call's deadline.
    client.loadCollection(
        LoadCollectionReq.builder()
            .databaseName(options.database())
            .collectionName(options.collection())
            .sync(false)
            .build());
    for (int check = 0; check < LOAD_CHECKS; check++) {
      if (client.getLoadState(
          GetLoadStateReq.builder()
              .databaseName(options.database())
              .collectionName(options.collection())
              .build())) {
        return;
      }
      pause();
    }
    throw new TierException(
        MilvusSemanticTier.NAME,
        "Milvus has not loaded the collection "
            + options.collection()
            + " after "
            + LOAD_CHECKS * CHECK_MILLISECONDS / 1000
            + " seconds; see the log of Milvus");
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(CHECK_MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TierException(
          MilvusSemanticTier.NAME,
          "interrupted while Milvus prepares the collection " + options.collection(),
          e);
    }
  }
}
