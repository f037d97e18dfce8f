package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Tenants of a servlet application never meet. */
class TenantTest {
  private static final String QUESTION = "How do I reset my password?";

  private final WebApplicationContextRunner runner =
      new WebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
          .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
          .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory");

  @AfterEach
  void noRequestIsLeft() {
    RequestContextHolder.resetRequestAttributes();
  }

  private static MockHttpServletRequest begin() {
    MockHttpServletRequest request = new MockHttpServletRequest();
    RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
    return request;
  }

  @Test
  void aHeaderDividesTheScope() {
    runner
        .withPropertyValues("reprise.tenant.header=X-Tenant-Id")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              CacheEngine engine = context.getBean(CacheEngine.class);
              for (String tenant : Set.of("acme", "Acme", "globex", "acme/globex")) {
                begin().addHeader("X-Tenant-Id", tenant);
                model.chat(QUESTION);
              }
              assertThat(engine.stats().upstreamCalls()).isEqualTo(4);
              begin().addHeader("X-Tenant-Id", "acme");
              model.chat(QUESTION);
              assertThat(engine.stats().exactHits()).isEqualTo(1);
              begin();
              model.chat(QUESTION);
              RequestContextHolder.resetRequestAttributes();
              model.chat(QUESTION);
              assertThat(engine.stats().bypassedByReason())
                  .isEqualTo(Map.of(Reason.Code.NO_SCOPE, 2L));
            });
  }

  @Test
  void theUserDividesTheScope() {
    runner
        .withPropertyValues("reprise.tenant.principal=true")
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              CacheEngine engine = context.getBean(CacheEngine.class);
              for (String user : new String[] {"ann", "bob", "ann"}) {
                begin().setUserPrincipal(() -> user);
                model.chat(QUESTION);
              }
              assertThat(engine.stats().upstreamCalls()).isEqualTo(2);
              assertThat(engine.stats().exactHits()).isEqualTo(1);
            });
  }

  @Test
  void aTenantCannotNameAnothersScope() {
    assertThat(ScopeResolvers.within(Scope.of("shop"), "a/b"))
        .isEqualTo(Scope.of("shop/a%2Fb"))
        .isNotEqualTo(ScopeResolvers.within(Scope.of("shop/a"), "b"));
  }
}
