package dev.reprise.spring.boot;

import dev.reprise.model.Scope;
import io.micrometer.context.ContextRegistry;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/*
 * Reactor restores a registered thread-local where the caching models map a request. A model that blocks sees it where the application
 * has spring.reactor.context-propagation=auto. Where it does not, the tenant is unknown, and the request is not cached.
 */
/** Carries the tenant of a WebFlux request to the models that are called for it. */
final class ReactiveTenants implements WebFilter, Ordered {
  private static final String KEY = ReactiveTenants.class.getName();

  /** After Spring Security's filters, which know the user. */
  private static final int ORDER = 0;

  private static final ThreadLocal<@Nullable String> TENANT = new ThreadLocal<>();

  private final RepriseProperties.Tenant tenant;

  ReactiveTenants(RepriseProperties.Tenant tenant) {
    this.tenant = tenant;
    ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, TENANT);
  }

  /** Returns a resolver that reads the tenant of the current request. */
  static ScopeResolver resolver(Scope scope) {
    return () -> ScopeResolvers.within(scope, TENANT.get());
  }

  @Override
  public int getOrder() {
    return ORDER;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    if (tenant.principal()) {
      return exchange
          .getPrincipal()
          .map(Principal::getName)
          .defaultIfEmpty("")
          .flatMap(name -> with(name, exchange, chain));
    }
    String header = tenant.header();
    String name = header == null ? null : exchange.getRequest().getHeaders().getFirst(header);
    return with(name == null ? "" : name, exchange, chain);
  }

  private static Mono<Void> with(String name, ServerWebExchange exchange, WebFilterChain chain) {
    return chain.filter(exchange).contextWrite(context -> context.put(KEY, name));
  }
}
