package dev.reprise.spring.boot;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.framework.ProxyFactory;

/** Makes proxies of model beans. */
final class ModelProxies {
  private ModelProxies() {}

  /** Returns a proxy that is an instance of the bean's class. */
  static Object subclass(Object bean, MethodInterceptor interceptor) {
    return proxy(bean, interceptor, true);
  }

  /** Returns a proxy that has the bean's interfaces. */
  static Object interfaces(Object bean, MethodInterceptor interceptor) {
    return proxy(bean, interceptor, false);
  }

  private static Object proxy(Object bean, MethodInterceptor interceptor, boolean subclass) {
    ProxyFactory factory = new ProxyFactory();
    factory.setTarget(bean);
    factory.setProxyTargetClass(subclass);
    factory.setInterfaces(FinalModels.proxied(bean.getClass()));
    factory.setOpaque(true);
    factory.addAdvice(interceptor);
    ClassLoader own = bean.getClass().getClassLoader();
    return factory.getProxy(own != null ? own : ModelProxies.class.getClassLoader());
  }

  /** Returns whether a subclass can be made of {@code type} that is safe to use. */
  static boolean isSubclassable(Class<?> type) {
    if (Modifier.isFinal(type.getModifiers()) || type.isHidden() || type.isRecord()) {
      return false;
    }
    try {
      boolean constructible = false;
      for (var constructor : type.getDeclaredConstructors()) {
        constructible |= !Modifier.isPrivate(constructor.getModifiers());
      }
      return constructible && !hasFinalMethods(type);
    } catch (LinkageError e) {
      return false;
    }
  }

  /** A final method would run on the proxy, whose fields are empty. */
  private static boolean hasFinalMethods(Class<?> type) {
    for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
      for (Method method : each.getDeclaredMethods()) {
        int modifiers = method.getModifiers();
        if (Modifier.isFinal(modifiers)
            && !Modifier.isPrivate(modifiers)
            && !Modifier.isStatic(modifiers)) {
          return true;
        }
      }
    }
    return false;
  }
}
