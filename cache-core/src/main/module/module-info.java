/** Vocabulary, keys, policies, tiers, matching and the engine of the Reprise cache. */
module dev.reprise.core {
  requires transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires com.github.benmanes.caffeine;
  requires io.github.resilience4j.circuitbreaker;
  requires java.json.canonicalization;
  requires java.net.http;
  requires org.slf4j;
  // Needed by those who bind meters, or check answers against a schema.
  requires static micrometer.core;
  requires static com.networknt.schema;

  exports dev.reprise.curated;
  exports dev.reprise.embed;
  exports dev.reprise.engine;
  exports dev.reprise.key;
  exports dev.reprise.learn;
  exports dev.reprise.match;
  exports dev.reprise.model;
  exports dev.reprise.policy;
  exports dev.reprise.tier;
  exports dev.reprise.integration.internal to
      dev.reprise.gateway,
      dev.reprise.langchain4j,
      dev.reprise.springai;
  exports dev.reprise.key.internal to
      dev.reprise.gateway;
  exports dev.reprise.model.internal to
      dev.reprise.embedded,
      dev.reprise.gateway,
      dev.reprise.langchain4j,
      dev.reprise.milvus,
      dev.reprise.redis,
      dev.reprise.springai,
      dev.reprise.testkit;
  exports dev.reprise.policy.internal to
      dev.reprise.gateway;
  exports dev.reprise.tier.internal to
      dev.reprise.embedded,
      dev.reprise.redis;
}
