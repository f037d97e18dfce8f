package dev.reprise.spring.boot;

import dev.reprise.embed.Embedder;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.milvus.MilvusStorage;
import dev.reprise.tier.SemanticTier;
import java.util.Map;
import java.util.function.BiFunction;

/** Builds the tier on Milvus. Loaded only where reprise-milvus is there. */
final class MilvusTiers {
  private static final String PREFIX = "reprise.milvus.";

  private MilvusTiers() {}

  static SemanticTier tier(
      MilvusConnectionDetails details, RepriseProperties.Milvus settings, Embedder embedder) {
    MilvusSemanticTier.Builder[] tier = new MilvusSemanticTier.Builder[1];
    Settings.applySecret(
        PREFIX + "uri", details.uri(), uri -> tier[0] = MilvusSemanticTier.builder(uri, embedder));
    MilvusSemanticTier.Builder builder = tier[0];
    Settings.applySecret(PREFIX + "token", details.token(), builder::token);
    Settings.apply(PREFIX + "database", settings.database(), builder::database);
    Settings.apply(PREFIX + "collection", settings.collection(), builder::collection);
    Settings.apply(
        PREFIX + "previous-collection", settings.previousCollection(), builder::previousCollection);
    builder.storage(storage(settings));
    Settings.apply(
        PREFIX + "consistency",
        settings.consistency(),
        consistency ->
            builder.consistency(MilvusSemanticTier.Consistency.valueOf(consistency.name())));
    Settings.apply(PREFIX + "deadline", settings.deadline(), builder::deadline);
    Settings.apply(PREFIX + "write-deadline", settings.writeDeadline(), builder::writeDeadline);
    Settings.apply(
        PREFIX + "connect-deadline", settings.connectDeadline(), builder::connectDeadline);
    MilvusSemanticTier[] built = new MilvusSemanticTier[1];
    Settings.apply(
        PREFIX + "previous-collection",
        settings.previousCollection() == null ? "" : settings.previousCollection(),
        previous -> built[0] = builder.build());
    return built[0];
  }

  private static MilvusStorage storage(RepriseProperties.Milvus settings) {
    MilvusStorage.Builder storage = MilvusStorage.builder();
    if (settings.index() != null) {
      storage.index(MilvusStorage.Index.valueOf(settings.index().name()));
    }
    setParameters("index-parameters.", settings.indexParameters(), storage::indexParameter);
    setParameters("search-parameters.", settings.searchParameters(), storage::searchParameter);
    if (settings.partitions() != null) {
      storage.partitions(MilvusStorage.Partitions.valueOf(settings.partitions().name()));
    }
    if (settings.mmap() != null) {
      storage.memory(settings.mmap() ? MilvusStorage.Memory.MAPPED : MilvusStorage.Memory.LOADED);
    }
    Settings.apply(PREFIX + "time-to-live", settings.timeToLive(), storage::timeToLive);
    return storage.build();
  }

  /** Builds after each parameter, so that a wrong one is reported with its own name. */
  private static void setParameters(
      String key,
      Map<String, String> parameters,
      BiFunction<String, String, MilvusStorage.Builder> setter) {
    parameters.forEach(
        (name, value) ->
            Settings.apply(
                PREFIX + key + name,
                value,
                set -> {
                  MilvusStorage unused = setter.apply(name, set).build();
                }));
  }
}
