package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Configures the engine from {@code reprise.*}, and puts it in front of every chat model bean. Each
 * bean steps back where the application has its own.
 */
@AutoConfiguration
@ConditionalOnProperty(prefix = "reprise", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(RepriseProperties.class)
@Import(RedisAddressConfiguration.class)
public class RepriseAutoConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(RepriseAutoConfiguration.class);
  static final String ENGINE = "repriseCacheEngine";

  RepriseAutoConfiguration() {}

  @Bean(name = ENGINE)
  @ConditionalOnMissingBean
  CacheEngine repriseCacheEngine(
      RepriseProperties properties,
      ConfigurableListableBeanFactory beans,
      Environment environment,
      ObjectProvider<RedisAddressSource> redis,
      ObjectProvider<MilvusConnectionDetails> milvus) {
    ClassLoader loader = beans.getBeanClassLoader();
    TierPlan.Surroundings has =
        new TierPlan.Surroundings(
            ClassUtils.isPresent("dev.reprise.redis.RedisExactTier", loader),
            ClassUtils.isPresent("dev.reprise.milvus.MilvusSemanticTier", loader),
            redis.orderedStream().flatMap(source -> source.address().stream()).findFirst(),
            Optional.ofNullable(milvus.getIfAvailable()));
    TierPlan plan = TierPlan.of(properties, has);
    LOG.info("Reprise caches chat models: {}", plan);
    UnusedSettings.warn(plan, has, properties, environment, beans);
    return new EngineFactory(properties, plan, beans).engine();
  }

  @Bean
  @ConditionalOnMissingBean
  CachePolicy repriseCachePolicy(RepriseProperties properties) {
    return PolicyFactory.policy(properties.policy());
  }

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty(prefix = "reprise.milvus", name = "uri")
  MilvusConnectionDetails repriseMilvusConnectionDetails(RepriseProperties properties) {
    RepriseProperties.Milvus settings = properties.milvus();
    return new MilvusConnectionDetails() {
      @Override
      public String uri() {
        return String.valueOf(settings.uri());
      }

      @Override
      public @Nullable String token() {
        return settings.token();
      }
    };
  }

  @Bean
  CachedModels repriseCachedModels() {
    return new CachedModels();
  }

  @Bean
  StartupChecks repriseStartupChecks(
      RepriseProperties properties, ListableBeanFactory beans, Environment environment) {
    return new StartupChecks(properties, beans, environment);
  }

  @Bean
  TierStates repriseTierStates() {
    return new TierStates();
  }

  @Bean
  CurrentScope repriseCurrentScope(ObjectProvider<ScopeResolver> resolver) {
    return new CurrentScope(SingletonSupplier.of(resolver::getObject));
  }

  /** Reads scope and tenant from the properties. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(ScopeResolver.class)
  static class ScopeConfiguration {
    private static final String TENANT = "reprise.tenant";

    @Bean
    @ConditionalOnMissingBean
    ScopeResolver repriseScopeResolver(RepriseProperties properties, BeanFactory beans) {
      if (properties.mode() == Mode.OFF) {
        return () -> null;
      }
      RepriseProperties.Tenant tenant = properties.tenant();
      Scope scope = scope(properties);
      if (tenant.header() == null && !tenant.principal()) {
        return ScopeResolvers.fixed(scope);
      }
      if (tenant.header() != null && tenant.principal()) {
        throw Settings.invalid(
            TENANT + ".principal", true, "reprise.tenant.header is set, too; set one of the two.");
      }
      return beans
          .getBeanProvider(TenantResolvers.class)
          .getIfAvailable(
              () -> {
                throw Settings.invalid(
                    TENANT + (tenant.principal() ? ".principal" : ".header"),
                    tenant.principal() ? true : tenant.header(),
                    "It is read in servlet applications, and in WebFlux applications with"
                        + " io.micrometer:context-propagation. Define a ScopeResolver bean.");
              })
          .resolver(scope, tenant);
    }

    private static Scope scope(RepriseProperties properties) {
      if (properties.scope() == null) {
        throw Settings.invalid(
            "reprise.scope",
            null,
            "Say who shares answers: set it to the name of your application, or define a"
                + " ScopeResolver bean.");
      }
      Scope[] scope = new Scope[1];
      Settings.apply("reprise.scope", properties.scope(), name -> scope[0] = Scope.of(name));
      return scope[0];
    }
  }

  /** Makes resolvers that read the current request. */
  @FunctionalInterface
  interface TenantResolvers {
    ScopeResolver resolver(Scope scope, RepriseProperties.Tenant tenant);
  }

  /** Reads tenants from servlet requests. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
  @ConditionalOnClass(name = "org.springframework.web.context.request.RequestContextHolder")
  static class ServletTenantConfiguration {
    @Bean
    TenantResolvers repriseTenantResolvers() {
      return (scope, tenant) ->
          tenant.header() != null
              ? ScopeResolvers.Servlet.header(scope, tenant.header())
              : ScopeResolvers.Servlet.principal(scope);
    }
  }

  /** Reads tenants from WebFlux requests. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
  @ConditionalOnClass(
      name = {
        "io.micrometer.context.ContextRegistry",
        "org.springframework.web.server.WebFilter",
        "reactor.core.publisher.Mono"
      })
  static class ReactiveTenantConfiguration {
    @Bean
    TenantResolvers repriseTenantResolvers() {
      return (scope, tenant) -> ReactiveTenants.resolver(scope);
    }

    @Bean
    ReactiveTenants repriseReactiveTenants(RepriseProperties properties) {
      return new ReactiveTenants(properties.tenant());
    }
  }

  /** LangChain4j's models. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "dev.langchain4j.model.chat.ChatModel",
        "dev.langchain4j.model.chat.StreamingChatModel",
        "dev.reprise.langchain4j.CachingChatModel"
      })
  static class LangChain4jConfiguration {
    @Bean
    static ModelCaching repriseLangChain4jCaching(ConfigurableListableBeanFactory beans) {
      return caching(beans, LangChain4jModels.kinds());
    }

    @Bean
    static FinalModels repriseLangChain4jFinalModels(Environment environment) {
      return new FinalModels(LangChain4jModels.kinds(), environment);
    }
  }

  /** Spring AI's models. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(
      name = {
        "org.springframework.ai.chat.model.ChatModel",
        "dev.reprise.springai.CachingChatModel"
      })
  static class SpringAiConfiguration {
    @Bean
    static ModelCaching repriseSpringAiCaching(ConfigurableListableBeanFactory beans) {
      return caching(beans, SpringAiModels.kinds());
    }

    @Bean
    static FinalModels repriseSpringAiFinalModels(Environment environment) {
      return new FinalModels(SpringAiModels.kinds(), environment);
    }
  }

  private static ModelCaching caching(
      ConfigurableListableBeanFactory beans, List<ModelKind<?>> kinds) {
    return new ModelCaching(
        beans,
        kinds,
        () ->
            new ModelCaching.Parts(
                beans.getBean(RepriseProperties.class),
                beans.getBean(CachedModels.class),
                beans.getBean(CurrentScope.class),
                () -> beans.getBean(CacheEngine.class),
                engineName(beans),
                SingletonSupplier.of(() -> observer(beans))));
  }

  private static CallObserver observer(BeanFactory beans) {
    return beans.getBeanProvider(CallObserver.class).getIfUnique(() -> CallObserver.NONE);
  }

  private static String engineName(ConfigurableListableBeanFactory beans) {
    String[] names = beans.getBeanNamesForType(CacheEngine.class, true, false);
    return names.length == 0 ? ENGINE : names[0];
  }
}
