package dev.reprise.spring.boot;

import dev.reprise.model.Scope;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** The resolvers that the properties describe. */
final class ScopeResolvers {
  private ScopeResolvers() {}

  /** One scope for all requests. */
  static ScopeResolver fixed(Scope scope) {
    return () -> scope;
  }

  /** Resolvers that read the current request of a servlet application. */
  static final class Servlet {
    private Servlet() {}

    static ScopeResolver header(Scope scope, String header) {
      return tenant(scope, request -> request.getHeader(header));
    }

    static ScopeResolver principal(Scope scope) {
      return tenant(
          scope,
          request -> {
            Principal user = request.getUserPrincipal();
            return user == null ? null : user.getName();
          });
    }

    private static ScopeResolver tenant(
        Scope scope, Function<HttpServletRequest, @Nullable String> tenantOf) {
      return () ->
          RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current
              ? within(scope, tenantOf.apply(current.getRequest()))
              : null;
    }
  }

  /** The tenant is encoded, so that a "/" in its name cannot name another tenant's scope. */
  static @Nullable Scope within(Scope scope, @Nullable String tenant) {
    return tenant == null || tenant.isBlank()
        ? null
        : Scope.of(scope.name() + "/" + URLEncoder.encode(tenant, StandardCharsets.UTF_8));
  }
}
