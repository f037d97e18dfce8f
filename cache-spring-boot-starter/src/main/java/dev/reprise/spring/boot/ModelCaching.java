package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEngine;
import dev.reprise.policy.Mode;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopConfigException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/*
 * The engine must not be created here: it may need beans that need a model. So a caching model is made with its first call.
 */
/**
 * Puts the cache in front of every chat model bean. The bean keeps its class, where that can be
 * subclassed, so that it is still injected by it.
 */
final class ModelCaching implements BeanPostProcessor {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCaching.class);

  private final ConfigurableListableBeanFactory beans;
  private final List<ModelKind<?>> kinds;
  private final NestedCalls nested = new NestedCalls();
  private final Supplier<Parts> parts;

  /**
   * What caching models are made of.
   *
   * @param engineName the name of the engine's bean
   * @param observer what watches the calls
   */
  record Parts(
      RepriseProperties properties,
      CachedModels models,
      CurrentScope scope,
      Supplier<CacheEngine> engine,
      String engineName,
      Supplier<CallObserver> observer) {}

  ModelCaching(
      ConfigurableListableBeanFactory beans, List<ModelKind<?>> kinds, Supplier<Parts> parts) {
    this.beans = beans;
    this.kinds = kinds;
    this.parts = parts;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    List<ModelKind<?>> own = kinds.stream().filter(kind -> kind.type().isInstance(bean)).toList();
    if (own.isEmpty()
        || FinalModels.isBehindAProxy(name)
        || own.stream().anyMatch(kind -> kind.isCachingClass(bean.getClass()))) {
      return bean;
    }
    Parts with = parts.get();
    if (with.properties().mode() == Mode.OFF) {
      with.models().skip(name, "reprise.mode is off");
      return bean;
    }
    if (!with.properties().models().includes(name)) {
      with.models().skip(name, "reprise.models does not include it");
      return bean;
    }
    List<CachedCall> calls = new ArrayList<>();
    for (ModelKind<?> kind : own) {
      calls.add(call(kind, bean, name, with));
    }
    MethodInterceptor interceptor = new CachedCalls(calls, nested, with.observer());
    Object proxy = proxy(bean, name, interceptor);
    if (proxy == bean) {
      with.models().skip(name, "its class " + bean.getClass().getName() + " cannot be subclassed");
      return bean;
    }
    for (CachedCall call : calls) {
      with.models().add(name, call.kind(), call.caching());
    }
    if (beans.containsBeanDefinition(name)) {
      // Whatever uses the model stops before the engine does.
      beans.registerDependentBean(with.engineName(), name);
    }
    LOG.debug("Reprise caches the model bean {}", name);
    return proxy;
  }

  /** Returns the names of all model beans, cached or not. */
  Set<String> names() {
    return kinds.stream()
        .flatMap(kind -> names(kind))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Stream<String> names(ModelKind<?> kind) {
    return Stream.of(beans.getBeanNamesForType(kind.type(), true, false))
        .filter(name -> !FinalModels.isBehindAProxy(name));
  }

  private <T> CachedCall call(ModelKind<T> kind, Object bean, String name, Parts with) {
    T delegate = nested.marking(kind.type(), bean);
    return new CachedCall(
        kind,
        name,
        () ->
            kind.caching(
                delegate,
                bean,
                with.engine().get(),
                new ModelKind.Options(
                    with.scope(), distinctName(kind, name), useCase(name, with.properties()))));
  }

  /** Two beans may differ in what no request shows, such as their address. */
  private @Nullable String distinctName(ModelKind<?> kind, String name) {
    return names(kind).count() > 1 ? name : null;
  }

  /** An environment variable has no lower case, so that the name of the bean is lost there. */
  private static @Nullable String useCase(String name, RepriseProperties properties) {
    Map<String, String> useCases = properties.models().useCase();
    String exact = useCases.get(name);
    return exact != null
        ? exact
        : useCases.entrySet().stream()
            .filter(entry -> entry.getKey().equalsIgnoreCase(name))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(null);
  }

  private Object proxy(Object bean, String name, MethodInterceptor interceptor) {
    if (beans.containsBeanDefinition(FinalModels.TARGET + name)) {
      return ModelProxies.interfaces(bean, interceptor);
    }
    if (ModelProxies.isSubclassable(bean.getClass())) {
      try {
        return ModelProxies.subclass(bean, interceptor);
      } catch (AopConfigException | LinkageError e) {
        LOG.debug("The class of the bean {} cannot be subclassed", name, e);
      }
    }
    if (isDeclaredAsInterface(bean, name)) {
      return ModelProxies.interfaces(bean, interceptor);
    }
    LOG.warn(
        "Reprise does not cache the bean {}: its class {} is final or has final methods. Declare the"
            + " bean's type as the interface, ChatModel or StreamingChatModel.",
        name,
        bean.getClass().getName());
    return bean;
  }

  private boolean isDeclaredAsInterface(Object bean, String name) {
    if (Proxy.isProxyClass(bean.getClass())) {
      return true;
    }
    if (!beans.containsBeanDefinition(name)) {
      return false;
    }
    BeanDefinition definition = beans.getMergedBeanDefinition(name);
    ResolvableType type = definition.getResolvableType();
    Class<?> declared = type.resolve();
    return declared != null && declared.isInterface();
  }
}
