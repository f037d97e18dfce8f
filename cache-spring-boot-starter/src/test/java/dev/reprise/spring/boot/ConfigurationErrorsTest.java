package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A wrong property fails the start, and the message names it. */
class ConfigurationErrorsTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "reprise.scpe|shop",
        "reprise.policy.tmperature|1",
        "reprise.redis.urll|redis://127.0.0.1",
        "reprise.mode|lively",
        "reprise.tiers|memory,disk",
        "reprise.tiers|hnsw",
        "reprise.tiers|memory,hnsw,milvus",
        "reprise.tiers|memory,redis",
        "reprise.tiers|memory,milvus",
        "reprise.scope|' '",
        "reprise.redis.url|http://127.0.0.1",
        "reprise.redis.enabled|true",
        "reprise.memory.maximum-size|1KB",
        "reprise.memory.maximum-size|much",
        "reprise.policy.maximum-temperature|3",
        "reprise.policy.when-temperature-is-unset|maybe",
        "reprise.milvus.index-type|hnsw",
        "reprise.policy.use-cases.question|semantic:999d",
        "reprise.policy.use-cases.Question|exact",
        "reprise.policy.without-rules|no-such-rule",
        "reprise.policy.maximum-payload-characters|0",
        "reprise.data-directory|target",
        "reprise.engine.candidates|0",
        "reprise.engine.promotion-after|0",
        "reprise.engine.follower-wait|0s",
      })
  void itIsNamed(String key, String value) {
    runner
        .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory", key + "=" + value)
        .run(context -> assertThat(messages(context.getStartupFailure())).contains(key));
  }

  @ParameterizedTest
  @CsvSource({
    "reprise.matcher.threshold,2",
    "reprise.matcher.wrong-answers-per-lookup,1",
    "reprise.matcher.wrong-answers-per-hit,0",
    "reprise.matcher.without-guards,nams",
    "reprise.hnsw.maximum-entries,0",
    "reprise.milvus.uri,localhost",
    "reprise.learning.checked,0.5",
  })
  void itIsNamedAlsoWhereModelsAreLoaded(String key, String value) {
    runner
        .withPropertyValues("reprise.scope=shop", key + "=" + value)
        .run(context -> assertThat(messages(context.getStartupFailure())).contains(key));
  }

  @ParameterizedTest
  @CsvSource({
    "reprise.milvus.index,flat",
    "reprise.milvus.index-parameters.nlist,100",
    "reprise.milvus.search-parameters.ef,many",
    "reprise.milvus.partitions,by-day",
    "reprise.milvus.mmap,server",
    "reprise.milvus.time-to-live,0s",
    "reprise.milvus.consistency,strong",
    "reprise.milvus.collection,1st",
    "reprise.milvus.previous-collection,reprise",
    "reprise.milvus.write-deadline,1h",
  })
  void itIsNamedWhereMilvusIsUsed(String key, String value) {
    runner
        .withPropertyValues(
            "reprise.scope=shop", "reprise.milvus.uri=http://127.0.0.1:1", key + "=" + value)
        .run(context -> assertThat(messages(context.getStartupFailure())).contains(key));
  }

  /** Spring drops underscores of names, and environment variables have no case. */
  @ParameterizedTest
  @CsvSource({
    "reprise.milvus.index,hnsw-sq,reprise.milvus.index-parameters.sq_type,SQ8",
    "reprise.milvus.index,HNSW,reprise.milvus.index-parameters.m,8",
    "reprise.milvus.index,diskann,reprise.milvus.search-parameters.search-list,99",
  })
  void parametersOfMilvusMayBeSpelledAsSpringSpellsNames(
      String index, String kind, String parameter, String value) {
    runner
        .withPropertyValues(
            "reprise.scope=shop",
            "reprise.milvus.uri=http://127.0.0.1:1",
            "reprise.milvus.connect-deadline=50ms",
            index + "=" + kind,
            parameter + "=" + value)
        .run(context -> assertThat(context).hasNotFailed());
  }

  @Test
  void twoSettingsThatExcludeEachOtherAreBothNamed() {
    runner
        .withPropertyValues(
            "reprise.scope=shop",
            "reprise.tiers=memory",
            "reprise.policy.any-temperature=true",
            "reprise.policy.maximum-temperature=1")
        .run(
            context ->
                assertThat(messages(context.getStartupFailure()))
                    .contains(
                        "reprise.policy.any-temperature", "reprise.policy.maximum-temperature"));
  }

  @Test
  void aMissingScopeIsNamed() {
    runner
        .withPropertyValues("reprise.tiers=memory")
        .run(
            context ->
                assertThat(messages(context.getStartupFailure()))
                    .contains("reprise.scope", "ScopeResolver"));
  }

  @Test
  void aTenantOutsideOfAServletApplicationIsNamed() {
    runner
        .withPropertyValues(
            "reprise.scope=shop", "reprise.tiers=memory", "reprise.tenant.header=X-Tenant")
        .run(
            context ->
                assertThat(messages(context.getStartupFailure()))
                    .contains("reprise.tenant.header", "ScopeResolver"));
  }

  @Test
  void aMissingModuleIsNamed() {
    runner
        .withClassLoader(new FilteredClassLoader("dev.reprise.redis", "dev.reprise.milvus"))
        .withPropertyValues("reprise.scope=shop", "reprise.redis.url=redis://u:secret@127.0.0.1")
        .run(
            context ->
                assertThat(messages(context.getStartupFailure()))
                    .contains("reprise.redis.url", "dev.reprise:reprise-redis")
                    .doesNotContain("secret"));
    runner
        .withClassLoader(new FilteredClassLoader("dev.reprise.redis", "dev.reprise.milvus"))
        .withPropertyValues("reprise.scope=shop", "reprise.milvus.uri=http://127.0.0.1:19530")
        .run(
            context ->
                assertThat(messages(context.getStartupFailure()))
                    .contains("reprise.milvus.uri", "dev.reprise:reprise-milvus"));
  }

  /** What Boot's failure analysis is written from. */
  private static String messages(Throwable failure) {
    List<String> all = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      all.add(
          each instanceof InvalidConfigurationPropertyValueException invalid
              ? invalid.getName() + " " + invalid.getReason()
              : String.valueOf(each.getMessage()));
    }
    return String.join("\n", all);
  }
}
