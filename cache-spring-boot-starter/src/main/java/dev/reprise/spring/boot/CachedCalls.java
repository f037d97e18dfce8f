package dev.reprise.spring.boot;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;

/** Sends the calls of a model to its caching model, and everything else to the bean itself. */
final class CachedCalls implements MethodInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(CachedCalls.class);

  private final List<CachedCall> calls;
  private final NestedCalls nested;
  private final Supplier<CallObserver> observer;
  private final Map<Method, Optional<Route>> routes = new ConcurrentHashMap<>();
  private final AtomicBoolean warned = new AtomicBoolean();

  /** Where a method of the bean goes. */
  private record Route(CachedCall call, Method method) {}

  CachedCalls(List<CachedCall> calls, NestedCalls nested, Supplier<CallObserver> observer) {
    this.calls = List.copyOf(calls);
    this.nested = nested;
    this.observer = observer;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Optional<Route> route = routes.computeIfAbsent(invocation.getMethod(), this::route);
    if (route.isEmpty() || nested.isNested()) {
      return invocation.proceed();
    }
    CachedCall call = route.get().call();
    Object caching = call.caching().get();
    if (caching == null) {
      return invocation.proceed();
    }
    Method method = route.get().method();
    @Nullable Object[] arguments = invocation.getArguments();
    if (call.kind().isCalledBack(method) && EventLoops.isOne()) {
      EventLoops.leave(
          () -> {
            Object unused = observed(call.name(), caching, method, arguments);
          },
          failure -> call.kind().fail(arguments, failure));
      return null;
    }
    return observed(call.name(), caching, method, arguments);
  }

  private @Nullable Object observed(
      String name, Object caching, Method method, @Nullable Object[] arguments) throws Throwable {
    return observer()
        .observe(
            name,
            method,
            arguments,
            passed -> AopUtils.invokeJoinpointUsingReflection(caching, method, passed));
  }

  private CallObserver observer() {
    try {
      return observer.get();
    } catch (RuntimeException e) {
      if (!warned.getAndSet(true)) {
        LOG.warn("Calls of models are not observed; they go on", e);
      }
      return CallObserver.NONE;
    }
  }

  private Optional<Route> route(Method method) {
    for (CachedCall call : calls) {
      Method own = call.find(method);
      if (own != null) {
        return Optional.of(new Route(call, own));
      }
    }
    return Optional.empty();
  }
}
