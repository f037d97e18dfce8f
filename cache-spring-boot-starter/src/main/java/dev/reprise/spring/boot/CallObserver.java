package dev.reprise.spring.boot;

import dev.reprise.engine.CacheEvent;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Watches the calls of cached models. */
@FunctionalInterface
interface CallObserver {
  /** Watches nothing. */
  CallObserver NONE = (bean, method, arguments, call) -> call.run(arguments);

  /** A call of a cached model. */
  @FunctionalInterface
  interface Call {
    @Nullable Object run(@Nullable Object[] arguments) throws Throwable;
  }

  /**
   * Is told by the engine of a request's end, on the thread on which it ends.
   *
   * @param end how it ended
   */
  default void ended(CacheEvent.Terminal end) {}

  /**
   * Runs a call.
   *
   * @param bean the name of the model's bean
   * @param method what is called
   * @return what the call returned, or the same under observation
   */
  @Nullable Object observe(String bean, Method method, @Nullable Object[] arguments, Call call)
      throws Throwable;
}
