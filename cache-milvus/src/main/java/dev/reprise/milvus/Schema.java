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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/*
 * The pointer is the primary key, so that an upsert replaces the row with the same pointer in one request, and no search finds a
 * pointer twice. In the first schema there is no partition key. In the second the fingerprint may be one; Milvus 2.3 then writes
 * upserted rows where a filtered search does not look, so that there rows are deleted and inserted.
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

  private static final String VERSION_1 = "1";
  private static final String VERSION_2 = "2";
  private static final String ISOLATION_PROPERTY = "partitionkey.isolation";
  private static final String MMAP_PROPERTY = "mmap.enabled";
  private static final String TTL_PROPERTY = "collection.ttl.seconds";
  private static final int PARTITIONS = 16;
  private static final String MARKER_PROPERTY = "reprise";
  private static final int HASH_LENGTH = 64;
  private static final int LOAD_CHECKS = 600;
  private static final int APPEARANCE_CHECKS = 10;
  private static final long CHECK_MILLISECONDS = 100;

  private final Options options;
  private final MilvusStorage storage;
  private final MilvusClientV2 client;
  private final ServerVersion server;

  private Schema(Options options, MilvusClientV2 client) {
    this.options = options;
    this.storage = options.storage();
    this.client = client;
    this.server = ServerVersion.of(client.getServerVersion());
  }

  /**
   * Makes the collection ready for search. Every step may be repeated, and done by several
   * processes at once.
   *
   * @return what it is
   * @throws TierException if the collection that is there was made otherwise, or if the server
   *     lacks what is asked for
   * @throws MilvusClientException if the server fails
   */
  static Layout prepare(Options options, MilvusClientV2 client) {
    Schema schema = new Schema(options, client);
    Layout layout =
        options.use() == Options.Use.CURRENT ? schema.prepareCurrent() : schema.preparePrevious();
    schema.load();
    return layout;
  }

  private Layout prepareCurrent() {
    server.check(storage);
    boolean created = !exists();
    if (created) {
      create();
    }
    boolean isPartitioned = check();
    index(created);
    return new Layout(storage.index(), !isPartitioned || server.upsertsIntoPartitions());
  }

  private Layout preparePrevious() {
    if (!exists()) {
      throw new TierException(
          MilvusSemanticTier.NAME, "there is no collection " + options.collection());
    }
    boolean isPartitioned = check();
    String type = describeIndex(VECTOR).getIndexDescByFieldName(VECTOR).getIndexType().name();
    MilvusStorage.Index index =
        Arrays.stream(MilvusStorage.Index.values())
            .filter(one -> one.name().equals(type))
            .findFirst()
            // Whatever it is, similarities are computed again.
            .orElse(MilvusStorage.Index.AUTOINDEX);
    return new Layout(index, !isPartitioned || server.upsertsIntoPartitions());
  }

  private boolean exists() {
    return client.hasCollection(
        HasCollectionReq.builder()
            .databaseName(options.server().database())
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
            .isPartitionKey(isPartitioned())
            .build());
    schema.addField(AddFieldReq.builder().fieldName(EXPIRES_AT).dataType(DataType.Int64).build());
    schema.addField(
        AddFieldReq.builder()
            .fieldName(VECTOR)
            .dataType(DataType.FloatVector)
            .dimension(options.index().dimension())
            .build());
    CreateCollectionReq.CreateCollectionReqBuilder request =
        CreateCollectionReq.builder()
            .databaseName(options.server().database())
            .collectionName(options.collection())
            .description(marker())
            .property(MARKER_PROPERTY, marker())
            .collectionSchema(schema)
            .consistencyLevel(options.consistency().level());
    if (isPartitioned()) {
      request.numPartitions(PARTITIONS);
      if (server.isolates(storage.index())) {
        request.property(ISOLATION_PROPERTY, "true");
      }
    }
    mmap().ifPresent(value -> request.property(MMAP_PROPERTY, value));
    ttl().ifPresent(value -> request.property(TTL_PROPERTY, value));
    try {
      client.createCollection(request.build());
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

  private boolean isPartitioned() {
    return storage.partitions() == MilvusStorage.Partitions.BY_FINGERPRINT;
  }

  private Optional<String> mmap() {
    return switch (storage.memory()) {
      case SERVER_DEFAULT -> Optional.empty();
      case MAPPED -> Optional.of("true");
      case LOADED -> Optional.of("false");
    };
  }

  private Optional<String> ttl() {
    return storage.timeToLive().map(time -> Long.toString(time.plusNanos(999_999_999).toSeconds()));
  }

  private String marker() {
    return "reprise/"
        + (storage.fitsSchema1() ? VERSION_1 : VERSION_2)
        + " "
        + options.embedderId();
  }

  /** Checks what is there. Returns whether it has a partition key. */
  private boolean check() {
    DescribeCollectionResp found =
        client.describeCollection(
            DescribeCollectionReq.builder()
                .databaseName(options.server().database())
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
    if (!version.equals(VERSION_1) && !version.equals(VERSION_2)) {
      throw refusal("has schema version " + version + ", but this release reads 1 and 2");
    }
    Integer dimension = field(found, VECTOR).getDimension();
    if (dimension == null || dimension != options.index().dimension()) {
      throw refusal(
          "has vectors of dimension "
              + dimension
              + ", but the embedder's have dimension "
              + options.index().dimension());
    }
    String embedder = marker.substring(space + 1);
    if (!embedder.equals(options.embedderId())) {
      throw refusal(
          "holds vectors of the embedder "
              + embedder
              + ", but this one is "
              + options.embedderId());
    }
    boolean isPartitioned =
        version.equals(VERSION_2)
            && Boolean.TRUE.equals(field(found, FINGERPRINT).getIsPartitionKey());
    if (options.use() == Options.Use.CURRENT) {
      checkStorage(version, isPartitioned, properties);
    }
    return isPartitioned;
  }

  private void checkStorage(String version, boolean isPartitioned, Map<String, String> properties) {
    if (storage.fitsSchema1()) {
      if (version.equals(VERSION_2)) {
        throw refusal(
            "has schema version 2 and was made with storage options: set the same ones again");
      }
      return;
    }
    if (version.equals(VERSION_1)) {
      throw refusal(
          "has schema version 1, which has none of the storage options that are set: name a new"
              + " collection, and this one as the previous one");
    }
    if (isPartitioned != isPartitioned()) {
      throw refusal(
          isPartitioned
              ? "is partitioned by fingerprint, but no partitions are asked for"
              : "has no partitions, but partitions by fingerprint are asked for");
    }
    checkProperty(MMAP_PROPERTY, mmap(), properties);
    checkProperty(TTL_PROPERTY, ttl(), properties);
  }

  private void checkProperty(String name, Optional<String> wanted, Map<String, String> properties) {
    Optional<String> found = Optional.ofNullable(properties.get(name));
    // What is not asked for may be the server's own, or set by its operator.
    if (wanted.isPresent() && !found.equals(wanted)) {
      throw refusal(
          String.format(
              "has the property %s=%s, but %s is asked for",
              name, found.orElse("none"), wanted.get()));
    }
  }

  private CreateCollectionReq.FieldSchema field(DescribeCollectionResp found, String name) {
    CreateCollectionReq.FieldSchema field = found.getCollectionSchema().getField(name);
    if (field == null) {
      throw refusal("has no field " + name);
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
    IndexParam.IndexType type = IndexParam.IndexType.valueOf(storage.index().name());
    if (created || !hasIndex(VECTOR)) {
      Map<String, Object> parameters =
          storage.indexParameters(options.index().m(), options.index().efConstruction());
      mmap().ifPresent(value -> parameters.put(MMAP_PROPERTY, value));
      createIndex(
          IndexParam.builder()
              .fieldName(VECTOR)
              .indexName(VECTOR)
              .indexType(type)
              .metricType(IndexParam.MetricType.COSINE)
              .extraParams(parameters)
              .build());
    }
    DescribeIndexResp.IndexDesc index = describeIndex(VECTOR).getIndexDescByFieldName(VECTOR);
    if (index.getMetricType() != IndexParam.MetricType.COSINE) {
      throw refusal("has an index with metric " + index.getMetricType() + ", but needs COSINE");
    }
    // What a server chose itself it may call by the name of its choice.
    if (index.getIndexType() != type && type != IndexParam.IndexType.AUTOINDEX) {
      throw refusal("has an index of type " + index.getIndexType() + ", but needs " + type);
    }
    if (created || !hasIndex(FINGERPRINT)) {
      indexFingerprint();
    }
  }

  // It only makes the filter faster, so that a server which offers neither kind is served without.
  private void indexFingerprint() {
    List<IndexParam.IndexType> kinds =
        server.hasInvertedIndex()
            ? List.of(IndexParam.IndexType.INVERTED, IndexParam.IndexType.TRIE)
            : List.of(IndexParam.IndexType.TRIE, IndexParam.IndexType.INVERTED);
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
                .databaseName(options.server().database())
                .collectionName(options.collection())
                .fieldName(field)
                .build())
        .isEmpty();
  }

  private DescribeIndexResp describeIndex(String field) {
    return client.describeIndex(
        DescribeIndexReq.builder()
            .databaseName(options.server().database())
            .collectionName(options.collection())
            .fieldName(field)
            .build());
  }

  private void createIndex(IndexParam index) {
    try {
      client.createIndex(
          CreateIndexReq.builder()
              .databaseName(options.server().database())
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
            .databaseName(options.server().database())
            .collectionName(options.collection())
            .sync(false)
            .build());
    for (int check = 0; check < LOAD_CHECKS; check++) {
      if (client.getLoadState(
          GetLoadStateReq.builder()
              .databaseName(options.server().database())
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
