package dev.reprise.peers;

import dev.kmemo.CacheLookup;
import dev.kmemo.Embedder;
import dev.kmemo.SemanticCache;
import dev.kmemo.SemanticCacheBuilderKt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;

/** Kmemo with its standard guards and default threshold. Each pair has a scope of its own. */
final class KmemoContender implements Contender {
  private final SemanticCache cache =
      SemanticCacheBuilderKt.semanticCache(
          new Embedder() {
            @Override
            public Object embed(String text, Continuation<? super float[]> continuation) {
              return MiniLm.vector(text);
            }
          },
          builder -> Unit.INSTANCE);

  @Override
  public String name() {
    return "Kmemo 2.3.0";
  }

  @Override
  public boolean hits(int pair, String cached, String query) {
    String scope = "pair-" + pair;
    wait(next -> cache.put(cached, "An answer.", scope, Map.of(), Set.of(), next));
    return wait(next -> cache.lookup(query, scope, List.of(), next)) instanceof CacheLookup.Hit;
  }

  /** A call of a suspending function. */
  private interface Suspending {
    Object call(Continuation<Object> next);
  }

  @SuppressWarnings("unchecked")
  private static Object wait(Suspending call) {
    try {
      return BuildersKt.runBlocking(
          EmptyCoroutineContext.INSTANCE, (scope, next) -> call.call((Continuation<Object>) next));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {}
}
