package dev.reprise.spring.boot;

import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.ClassUtils;

/** The calls of one interface of a model bean, and the caching model that takes them. */
final class CachedCall {
  private static final Logger LOG = LoggerFactory.getLogger(CachedCall.class);

  private final ModelKind<?> kind;
  private final String name;
  private final Supplier<?> create;
  private volatile @Nullable Object caching;
  private final AtomicBoolean warned = new AtomicBoolean();
  private volatile boolean hopeless;

  /**
   * @param create makes the caching model
   */
  CachedCall(ModelKind<?> kind, String name, Supplier<?> create) {
    this.kind = kind;
    this.name = name;
    this.create = create;
  }

  ModelKind<?> kind() {
    return kind;
  }

  /** Returns the name of the bean. */
  String name() {
    return name;
  }

  /** Returns the method of the interface that {@code method} is, if it calls the model. */
  @Nullable Method find(Method method) {
    return kind.calls().contains(method.getName())
        ? ClassUtils.getMethodIfAvailable(kind.type(), method.getName(), method.getParameterTypes())
        : null;
  }

  /** Returns what makes the caching model with its first call; null where that fails. */
  Supplier<@Nullable Object> caching() {
    return this::get;
  }

  private @Nullable Object get() {
    Object made = caching;
    if (made == null && !hopeless) {
      try {
        made = create.get();
        caching = made;
      } catch (RuntimeException e) {
        // The engine may be in creation; the next call tries again.
        warn(e);
      } catch (LinkageError e) {
        hopeless = true;
        warn(e);
      }
    }
    return made;
  }

  private void warn(Throwable e) {
    if (warned.compareAndSet(false, true)) {
      LOG.warn("Reprise cannot cache the bean {}; the model is called directly", name, e);
    }
  }
}
