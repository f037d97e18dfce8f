package dev.reprise.gateway;

import dev.reprise.gateway.protocol.ollama.OllamaCodec;
import dev.reprise.gateway.protocol.ollama.OllamaMapper;
import dev.reprise.gateway.protocol.openai.CompletionsCodec;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Reason;
import dev.reprise.model.UseCase;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Mode;
import dev.reprise.policy.Plan;
import dev.reprise.policy.UseCaseRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The policy of a gateway: that of the chat, and one for embeddings, which have no temperature and
 * do not change.
 *
 * @param chat decides about everything but embeddings
 * @param embeddings decides about embeddings
 */
record GatewayPolicy(CachePolicy chat, CachePolicy embeddings) implements CachePolicy {
  /** What an embedding is for. */
  static final UseCase EMBEDDING = new UseCase("embedding");

  /** How long an embedding is kept: 30 days. */
  static final Duration EMBEDDING_TIME_TO_LIVE = Duration.ofDays(30);

  /** Returns the policy with {@code chat} for the chat. */
  static GatewayPolicy of(CachePolicy chat) {
    return new GatewayPolicy(
        chat,
        CachePolicy.builder()
            .anyTemperature()
            .questionRules(List.of())
            .answerRules(List.of())
            .rule(
                new UseCaseRule.Cached(
                    EMBEDDING,
                    UseCaseRule.Matching.EXACT,
                    UseCaseRule.Binding.FREE,
                    EMBEDDING_TIME_TO_LIVE))
            .build());
  }

  @Override
  public CachePolicy current() {
    return new GatewayPolicy(chat.current(), embeddings.current());
  }

  /** Returns the chat's mode: that of a scope or of all holds for embeddings, too. */
  @Override
  public Optional<Mode> mode(CacheRequest request) {
    return chat.mode(request);
  }

  @Override
  public Plan plan(CacheRequest request) {
    return exactly(reworded(of(request).plan(request), request), request);
  }

  /** Text that goes on is not compared by meaning: a word less of it is another text. */
  private static Plan exactly(Plan plan, CacheRequest request) {
    boolean isPiece =
        request.answerFormat().equals(CompletionsCodec.FORMAT)
            || (request.answerFormat().equals(OllamaCodec.Call.GENERATE.format())
                && OllamaMapper.OF_PIECES.stream()
                    .anyMatch(request.parameters().values()::containsKey));
    return isPiece && plan instanceof Plan.ExactThenSemantic semantic
        ? new Plan.ExactOnly(semantic.terms())
        : plan;
  }

  private static Plan reworded(Plan plan, CacheRequest request) {
    return plan instanceof Plan.Bypass bypass
        ? new Plan.Bypass(reworded(bypass.reason(), request))
        : plan;
  }

  /** Says what to do in the gateway's words. */
  private static Reason reworded(Reason reason, CacheRequest request) {
    if (reason.code() != Reason.Code.NOT_DETERMINISTIC) {
      return reason;
    }
    String remedy =
        request.parameters().get(CacheRequest.TEMPERATURE).isPresent()
            ? "; --max-temperature (policy.max-temperature) caches higher ones"
            : "; --when-temperature-is-unset (policy.when-temperature-is-unset) zero or as-is"
                + " caches them";
    return new Reason(reason.code(), reason.detail() + remedy);
  }

  @Override
  public Plan outline(CacheRequest request) {
    return exactly(reworded(of(request).outline(request), request), request);
  }

  @Override
  public Optional<Reason> screen(CacheRequest request) {
    return of(request).screen(request);
  }

  @Override
  public Admission admit(CacheRequest request, Answer answer, Instant now) {
    return of(request).admit(request, answer, now);
  }

  private CachePolicy of(CacheRequest request) {
    return request.answerFormat().equals(EmbeddingsEndpoint.FORMAT) ? embeddings : chat;
  }
}
