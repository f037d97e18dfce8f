package dev.reprise.spring.boot;

import dev.reprise.embed.Embedder;
import dev.reprise.milvus.MilvusSemanticTier;
import dev.reprise.tier.SemanticTier;

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
    Settings.apply(PREFIX + "deadline", settings.deadline(), builder::deadline);
    Settings.apply(
        PREFIX + "connect-deadline", settings.connectDeadline(), builder::connectDeadline);
    return builder.build();
  }
}
