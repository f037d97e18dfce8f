package dev.reprise.spring.boot;

import dev.reprise.policy.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.Aware;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/*
 * The models of Spring AI 2 are final classes, and their auto-configurations declare them as such. Such a bean cannot be replaced by a
 * proxy that is still injected by its class. So, as a scoped proxy does, the bean moves to another name, and a proxy of its interfaces
 * takes its name. Who injects the class gets the bean itself.
 */
/** Gives model beans whose declared class is final to a proxy of their interfaces. */
final class FinalModels implements BeanDefinitionRegistryPostProcessor, Ordered {
  /** What the name of a bean that was moved begins with. */
  static final String TARGET = "repriseTarget.";

  private static final Logger LOG = LoggerFactory.getLogger(FinalModels.class);

  private final List<ModelKind<?>> kinds;
  private final Environment environment;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();

  FinalModels(List<ModelKind<?>> kinds, Environment environment) {
    this.kinds = kinds;
    this.environment = environment;
  }

  /** After the configuration classes have been read. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {}

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
    if (!(beans instanceof BeanDefinitionRegistry registry) || isAheadOfTime() || isOff()) {
      return;
    }
    RepriseProperties.Models models = models();
    for (ModelKind<?> kind : kinds) {
      for (String name : beans.getBeanNamesForType(kind.type(), true, false)) {
        if (!isBehindAProxy(name)
            && registry.containsBeanDefinition(name)
            && !registry.containsBeanDefinition(TARGET + name)
            && models.includes(name)) {
          Class<?> type = beans.getType(name, false);
          if (type != null && !type.isInterface() && !ModelProxies.isSubclassable(type)) {
            move(registry, beans, name, type);
          }
        }
      }
    }
  }

  /** What is written down ahead of time are the beans as they are; they are moved at the start. */
  private static boolean isAheadOfTime() {
    return Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING);
  }

  /** Returns whether another bean stands for this one: ours, or a scoped proxy. */
  static boolean isBehindAProxy(String name) {
    return name.startsWith(TARGET) || ScopedProxyUtils.isScopedTarget(name);
  }

  private boolean isOff() {
    try {
      return Binder.get(environment).bind("reprise.mode", Mode.class).orElse(Mode.LIVE) == Mode.OFF;
    } catch (BindException e) {
      // The properties' own bean reports it.
      return true;
    }
  }

  private RepriseProperties.Models models() {
    try {
      return Binder.get(environment).bindOrCreate("reprise.models", RepriseProperties.Models.class);
    } catch (BindException e) {
      return RepriseProperties.Models.all();
    }
  }

  private void move(
      BeanDefinitionRegistry registry,
      ConfigurableListableBeanFactory beans,
      String name,
      Class<?> type) {
    if (kinds.stream().anyMatch(kind -> kind.isCachingClass(type))) {
      return;
    }
    BeanDefinition merged = beans.getMergedBeanDefinition(name);
    BeanDefinition target = registry.getBeanDefinition(name);
    String targetName = TARGET + name;

    RootBeanDefinition proxy = new RootBeanDefinition();
    proxy.setTargetType(interfaces(type));
    proxy.setInstanceSupplier(() -> beans.getBean(targetName));
    proxy.setScope(merged.getScope());
    proxy.setLazyInit(merged.isLazyInit());
    proxy.setPrimary(merged.isPrimary());
    proxy.setAutowireCandidate(merged.isAutowireCandidate());
    proxy.setRole(merged.getRole());
    if (merged instanceof AbstractBeanDefinition definition) {
      proxy.copyQualifiersFrom(definition);
    }
    if (merged instanceof RootBeanDefinition root && root.getResolvedFactoryMethod() != null) {
      proxy.setQualifiedElement(root.getResolvedFactoryMethod());
    }
    target.setAutowireCandidate(false);
    target.setPrimary(false);
    registry.removeBeanDefinition(name);
    registry.registerBeanDefinition(targetName, target);
    registry.registerBeanDefinition(name, proxy);
    beans.registerResolvableDependency(
        type, (ObjectFactory<Object>) () -> itself(beans, name, targetName));
  }

  private Object itself(BeanFactory beans, String name, String targetName) {
    Object bean = beans.getBean(targetName);
    if (warned.add(name)) {
      LOG.warn(
          "The bean {} is injected by its class {}, which is final: there it is not cached. Inject"
              + " the interface.",
          name,
          bean.getClass().getName());
    }
    return bean;
  }

  private static Class<?> interfaces(Class<?> type) {
    Class<?>[] own = proxied(type);
    ClassLoader loader = type.getClassLoader();
    return own.length == 1
        ? own[0]
        : ClassUtils.createCompositeInterface(
            own, loader != null ? loader : FinalModels.class.getClassLoader());
  }

  /** Returns the interfaces of a class but those by which Spring calls a bean back. */
  static Class<?>[] proxied(Class<?> type) {
    List<Class<?>> own = new ArrayList<>();
    for (Class<?> each : ClassUtils.getAllInterfacesForClassAsSet(type)) {
      if (each != InitializingBean.class
          && each != DisposableBean.class
          && !Aware.class.isAssignableFrom(each)) {
        own.add(each);
      }
    }
    return own.toArray(Class<?>[]::new);
  }
}
