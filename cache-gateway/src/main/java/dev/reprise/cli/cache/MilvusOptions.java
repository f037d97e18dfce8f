package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.milvus.MilvusSemanticTier.Consistency;
import dev.reprise.milvus.MilvusStorage;
import dev.reprise.milvus.MilvusStorage.Index;
import dev.reprise.milvus.MilvusStorage.Memory;
import dev.reprise.milvus.MilvusStorage.Partitions;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where Milvus is, and how it stores rows. */
final class MilvusOptions {
  private static final String SERVERS_OWN = "server";

  @Option(
      names = "--milvus-uri",
      paramLabel = "URI",
      defaultValue = "http://127.0.0.1:19530",
      description = "The URI of Milvus. Default: ${DEFAULT-VALUE}.")
  private String uri = "";

  @Option(
      names = "--milvus-token",
      paramLabel = "TOKEN",
      defaultValue = "${env:MILVUS_TOKEN:-}",
      description =
          "The login for Milvus (user:password). Default: the variable MILVUS_TOKEN, else none.")
  private String token = "";

  @Option(
      names = "--milvus-collection",
      paramLabel = "NAME",
      defaultValue = MilvusSemanticTier.DEFAULT_COLLECTION,
      description = "The collection on Milvus. Default: ${DEFAULT-VALUE}.")
  private String collection = MilvusSemanticTier.DEFAULT_COLLECTION;

  @Option(
      names = "--milvus-database",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The database on Milvus. Default: the server's own, \"default\".")
  private String database = "";

  @Option(
      names = "--milvus-previous-collection",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "The previous collection. It is searched, but not written, until its rows have expired."
              + " Default: none.")
  private String previousCollection = "";

  @Option(
      names = "--milvus-index",
      paramLabel = "NAME",
      defaultValue = "HNSW",
      description =
          "The index of a new collection: HNSW, HNSW_SQ (Milvus 2.5), IVF_RABITQ (2.6), DISKANN or"
              + " AUTOINDEX. Default: ${DEFAULT-VALUE}.")
  private String index = "";

  @Option(
      names = "--milvus-index-parameter",
      paramLabel = "NAME=VALUE",
      description =
          "A parameter of a new index, as Milvus names it: M=32, sq_type=SQ8, nlist=1024."
              + " Repeatable. Default: M=16, efConstruction=200 for a graph.")
  private Map<String, String> indexParameters = new LinkedHashMap<>();

  @Option(
      names = "--milvus-search-parameter",
      paramLabel = "NAME=VALUE",
      description =
          "A parameter of each search, as Milvus names it: ef=256, nprobe=64, search_list=200."
              + " Repeatable. Default: ef=128 for a graph.")
  private Map<String, String> searchParameters = new LinkedHashMap<>();

  @Option(
      names = "--milvus-partitions",
      paramLabel = "none|by-fingerprint",
      defaultValue = "none",
      description =
          "by-fingerprint partitions a new collection by scope, model and all else but the"
              + " question; isolated on Milvus 2.5 and newer. Default: ${DEFAULT-VALUE}.")
  private String partitions = "";

  @Option(
      names = "--milvus-mmap",
      paramLabel = "server|true|false",
      defaultValue = SERVERS_OWN,
      description =
          "Whether a new collection is mapped from files instead of held in memory (Milvus 2.5)."
              + " Default: the server's setting.")
  private String mmap = "";

  @Option(
      names = "--milvus-ttl",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "Seconds after which Milvus drops a row of a new collection by itself. Choose more than"
              + " the longest time to live. Default: ${DEFAULT-VALUE}, never; the gateway sweeps.")
  private long ttlSeconds;

  @Option(
      names = "--milvus-consistency",
      paramLabel = "NAME",
      defaultValue = "eventually",
      description =
          "How fresh the rows of a search are: eventually, bounded or session. Default:"
              + " ${DEFAULT-VALUE}.")
  private String consistency = "";

  MilvusOptions() {}

  /**
   * Returns what was said.
   *
   * @throws InputException if an option cannot be used
   */
  CacheSettings.Milvus settings() {
    return new CacheSettings.Milvus(
        uri,
        token,
        collection,
        database,
        previousCollection,
        storage(),
        one("--milvus-consistency", consistency, Consistency.class));
  }

  private MilvusStorage storage() {
    MilvusStorage.Builder storage =
        MilvusStorage.builder()
            .index(one("--milvus-index", index, Index.class))
            .partitions(one("--milvus-partitions", partitions, Partitions.class))
            .memory(memory());
    try {
      indexParameters.forEach(storage::indexParameter);
      searchParameters.forEach(storage::searchParameter);
      if (ttlSeconds != 0) {
        storage.timeToLive(Duration.ofSeconds(ttlSeconds));
      }
      return storage.build();
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "--milvus-index-parameter, --milvus-search-parameter or --milvus-ttl: " + e.getMessage(),
          e);
    }
  }

  private Memory memory() {
    return switch (mmap) {
      case SERVERS_OWN -> Memory.SERVER_DEFAULT;
      case "true" -> Memory.MAPPED;
      case "false" -> Memory.LOADED;
      default ->
          throw new InputException("--milvus-mmap " + mmap + ": must be server, true or false");
    };
  }

  private static <E extends Enum<E>> E one(String option, String text, Class<E> type) {
    String name = text.strip().toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(type.getEnumConstants())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    option
                        + " "
                        + text
                        + ": must be one of "
                        + Arrays.toString(type.getEnumConstants())));
  }
}
