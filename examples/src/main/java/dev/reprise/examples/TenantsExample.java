package dev.reprise.examples;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.model.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model for several tenants. Who the tenant is stands where your framework puts it: here in a
 * thread local, as Spring Security does. Without a tenant nothing is cached.
 */
public final class TenantsExample {
  private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();

  private TenantsExample() {}

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    run(new OfflineModel().awaited()).forEach(System.out::println);
  }

  static List<String> run(ChatModel model) {
    List<String> lines = new ArrayList<>();
    try (CacheEngine engine = CacheEngine.builder().build()) {
      ChatModel cached =
          CachingChatModel.builder(model, engine).scopeFor(request -> scope()).build();
      for (String tenant : new String[] {"acme", "acme", "globex"}) {
        TENANT.set(tenant);
        cached.chat("What is the return policy?");
        lines.add(tenant + ": " + engine.stats().exactHits() + " hit(s) until now");
      }
      TENANT.remove();
      cached.chat("What is the return policy?");
      lines.add("nobody: " + engine.stats().bypassed() + " bypassed");
    }
    return lines;
  }

  private static @Nullable Scope scope() {
    String tenant = TENANT.get();
    return tenant == null ? null : Scope.of(tenant);
  }
}
