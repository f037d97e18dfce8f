package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.policy.Mode;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.env.Environment;
import org.springframework.util.PatternMatchUtils;

/** Warns at the start of names that no model bean has, and where nothing is cached. */
final class StartupChecks implements SmartInitializingSingleton {
  private static final Logger LOG = LoggerFactory.getLogger(StartupChecks.class);

  private final RepriseProperties properties;
  private final ListableBeanFactory beans;
  private final Environment environment;

  StartupChecks(RepriseProperties properties, ListableBeanFactory beans, Environment environment) {
    this.properties = properties;
    this.beans = beans;
    this.environment = environment;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (!Arrays.asList(beans.getBeanNamesForType(CacheEngine.class, true, false))
        .contains(RepriseAutoConfiguration.ENGINE)) {
      UnusedSettings.warnOfOwnEngine(environment, beans);
    }
    if (properties.mode() == Mode.OFF) {
      return;
    }
    if (beans.getBeanNamesForType(ScopeResolver.class, true, false).length > 1) {
      // Fails the start where none of them is primary. Without this each request would bypass.
      ScopeResolver unused = beans.getBeanProvider(ScopeResolver.class).getObject();
    }
    Set<String> models = new TreeSet<>();
    beans.getBeanProvider(ModelCaching.class).forEach(caching -> models.addAll(caching.names()));
    if (models.isEmpty()) {
      LOG.warn(
          "Reprise caches nothing: there is no bean of LangChain4j's ChatModel or"
              + " StreamingChatModel, and none of Spring AI's ChatModel. Declare the model that your"
              + " code builds as a bean.");
      return;
    }
    RepriseProperties.Models settings = properties.models();
    settings.include().forEach(pattern -> check("include", pattern, models));
    settings.exclude().forEach(pattern -> check("exclude", pattern, models));
    settings
        .useCase()
        .keySet()
        .forEach(
            name -> {
              if (models.stream().noneMatch(name::equalsIgnoreCase)) {
                warn("use-case", name, models);
              }
            });
    if (models.stream().noneMatch(settings::includes)) {
      LOG.warn(
          "Reprise caches nothing: reprise.models leaves out every model bean: {}.",
          String.join(", ", models));
    }
  }

  private static void check(String key, String pattern, Set<String> models) {
    if (models.stream().noneMatch(name -> PatternMatchUtils.simpleMatch(pattern, name))) {
      warn(key, pattern, models);
    }
  }

  private static void warn(String key, String name, Set<String> models) {
    LOG.warn(
        "reprise.models.{} names {}, but no model bean is called so. There are: {}.",
        key,
        name,
        String.join(", ", models));
  }
}
