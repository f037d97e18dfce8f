package dev.reprise.spring.boot;

import java.lang.reflect.Proxy;
import org.springframework.aop.support.AopUtils;

/*
 * A model bean may call another model bean with the same request: a decorator, a router. Both are cached. Were the inner call
 * looked up, too, it would wait for the outer one, which waits for it.
 */
/** Knows whether this thread is inside the call of a cached model. */
final class NestedCalls {
  private static final ThreadLocal<Boolean> INSIDE = new ThreadLocal<>();

  boolean isNested() {
    return Boolean.TRUE.equals(INSIDE.get());
  }

  /** Returns {@code target}, so that calls from inside its methods are nested. */
  <T> T marking(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                run(
                    () ->
                        AopUtils.invokeJoinpointUsingReflection(
                            target, method, arguments == null ? new Object[0] : arguments))));
  }

  /** Something that may throw anything. */
  interface Work<T> {
    T run() throws Throwable;
  }

  <T> T run(Work<T> work) throws Throwable {
    if (isNested()) {
      return work.run();
    }
    INSIDE.set(true);
    try {
      return work.run();
    } finally {
      INSIDE.remove();
    }
  }
}
