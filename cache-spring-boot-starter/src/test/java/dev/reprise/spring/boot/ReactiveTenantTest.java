package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheStats;
import dev.reprise.model.Reason;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Tenants of a WebFlux application never meet. Its endpoint streams a model's words. */
class ReactiveTenantTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ReactiveWebApplicationContextRunner runner =
      new ReactiveWebApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(RepriseAutoConfiguration.class))
          .withUserConfiguration(SpringAiModelsTest.Models.class, Web.class)
          .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory");

  @Configuration(proxyBeanMethods = false)
  static class Web {
    /** Streams the answer, from a thread that is not the request's. */
    @Bean(WebHttpHandlerBuilder.WEB_HANDLER_BEAN_NAME)
    WebHandler webHandler(ChatModel model) {
      return exchange ->
          exchange
              .getResponse()
              .writeAndFlushWith(
                  Mono.just("How do I reset my password?")
                      .publishOn(Schedulers.parallel())
                      .flatMapMany(model::stream)
                      .map(word -> Mono.just(buffer(exchange, word))));
    }

    private static DataBuffer buffer(ServerWebExchange exchange, String word) {
      return exchange.getResponse().bufferFactory().wrap(word.getBytes(StandardCharsets.UTF_8));
    }

    /** Signs the user in whom a header names, as a security filter does. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebFilter signIn() {
      return (exchange, chain) -> chain.filter(new SignedIn(exchange));
    }
  }

  private static final class SignedIn extends ServerWebExchangeDecorator {
    SignedIn(ServerWebExchange exchange) {
      super(exchange);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends Principal> Mono<T> getPrincipal() {
      String user = getRequest().getHeaders().getFirst("X-User");
      return user == null ? Mono.empty() : Mono.just((T) (Principal) () -> user);
    }
  }

  private static void ask(ApplicationContext context, String header, @Nullable String value) {
    HttpHandler handler = WebHttpHandlerBuilder.applicationContext(context).build();
    MockServerHttpRequest.BaseBuilder<?> request = MockServerHttpRequest.get("/ask");
    MockServerHttpResponse response = new MockServerHttpResponse();
    StringBuilder text = new StringBuilder();
    // As a server does, it subscribes in the request's context.
    response.setWriteHandler(
        body -> body.doOnNext(part -> text.append(part.toString(StandardCharsets.UTF_8))).then());
    handler
        .handle((value == null ? request : request.header(header, value)).build(), response)
        .block(PATIENCE);
    assertThat(text).hasToString("Open Settings.");
  }

  private void aTenantIs(String property, String header) {
    runner
        .withPropertyValues(property)
        .run(
            context -> {
              for (String tenant : List.of("acme", "Acme", "globex", "acme/globex", "acme")) {
                ask(context, header, tenant);
              }
              ask(context, header, null);
              CacheStats stats = context.getBean(CacheEngine.class).stats();
              assertThat(stats.exactHits()).isEqualTo(1);
              assertThat(stats.bypassedByReason()).isEqualTo(Map.of(Reason.Code.NO_SCOPE, 1L));
              assertThat(context.getBean(SpringAiModelsTest.Scripted.class).calls).hasValue(5);
            });
  }

  @Test
  void aHeaderDividesTheScope() {
    aTenantIs("reprise.tenant.header=X-Tenant-Id", "X-Tenant-Id");
  }

  @Test
  void theUserDividesTheScope() {
    aTenantIs("reprise.tenant.principal=true", "X-User");
  }
}
