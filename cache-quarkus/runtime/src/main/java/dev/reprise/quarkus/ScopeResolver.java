package dev.reprise.quarkus;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.reprise.model.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may share the answer to a request, for an application with several tenants. Provide
 * one bean of this type; it replaces {@code quarkus.reprise.scope}.
 *
 * <pre>{@code
 * @ApplicationScoped
 * class TenantScope implements ScopeResolver {
 *   @Inject SecurityIdentity identity;
 *
 *   @Override
 *   public Scope scopeFor(ChatRequest request) {
 *     return identity.isAnonymous() ? null : Scope.of(identity.getPrincipal().getName());
 *   }
 * }
 * }</pre>
 */
@FunctionalInterface
public interface ScopeResolver {
  /**
   * Returns the scope of {@code request}. The extension calls it on the thread and in the request
   * context of the caller, with the model's default parameters merged into the request.
   *
   * @return null where nobody knows the scope: the request then bypasses the cache, as it does
   *     where this method throws
   */
  @Nullable Scope scopeFor(ChatRequest request);
}
