package dev.reprise.spring.boot;

import dev.reprise.model.Scope;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The scope of the request on this thread: the resolver's, or the one that is set for a while. */
final class CurrentScope {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentScope.class);

  private static final ThreadLocal<@Nullable Scope> SET = new ThreadLocal<>();

  private final Supplier<ScopeResolver> resolver;
  private final AtomicBoolean warned = new AtomicBoolean();

  CurrentScope(Supplier<ScopeResolver> resolver) {
    this.resolver = resolver;
  }

  @Nullable Scope get() {
    Scope scope = SET.get();
    if (scope != null) {
      return scope;
    }
    try {
      return Objects.requireNonNull(resolver.get()).resolve();
    } catch (RuntimeException e) {
      if (warned.compareAndSet(false, true)) {
        LOG.warn(
            "The ScopeResolver bean failed, so the request is not cached. Return null where the"
                + " scope is unknown. Further failures are logged at debug level only.",
            e);
      } else {
        LOG.debug("The scope of the request is unknown; the request is not cached", e);
      }
      return null;
    }
  }

  /** Runs {@code work} in {@code scope} on this thread. */
  <T> T within(Scope scope, Supplier<T> work) {
    Scope before = SET.get();
    SET.set(scope);
    try {
      return work.get();
    } finally {
      if (before == null) {
        SET.remove();
      } else {
        SET.set(before);
      }
    }
  }
}
