package dev.reprise.cli.demo;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.reprise.cli.cache.CacheSettings;
import dev.reprise.cli.cache.EngineSetup;
import dev.reprise.cli.cache.Tiers;
import dev.reprise.cli.io.HeaderLine;
import dev.reprise.cli.io.InputException;
import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.LookupExplanation;
import dev.reprise.engine.Outcome;
import dev.reprise.key.Question;
import dev.reprise.langchain4j.CachingChatModel;
import dev.reprise.langchain4j.ChatOutcome;
import dev.reprise.match.MatchExplanation;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequestOptions;
import dev.reprise.model.Scope;
import dev.reprise.tier.TierUnreachableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The real cache: a LangChain4j model for each question, all on one engine. */
public final class EngineDemoCache implements DemoCache {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final CacheSettings settings;
  private final DemoUpstream upstream;
  private final Embedder embedder;
  private final CacheEngine engine;
  private final TroubleLog troubles;

  private EngineDemoCache(
      CacheSettings settings,
      DemoUpstream upstream,
      Embedder embedder,
      CacheEngine engine,
      TroubleLog troubles) {
    this.settings = settings;
    this.upstream = upstream;
    this.embedder = embedder;
    this.engine = engine;
    this.troubles = troubles;
  }

  /** See {@link DemoCache.Opener}. */
  public static DemoCache open(CacheSettings settings, DemoUpstream upstream) {
    TroubleLog troubles = new TroubleLog();
    if (settings.tiers().semantic() == Tiers.Semantic.NONE) {
      throw new InputException(
          "--tiers: the demo compares questions by meaning; name hnsw or milvus, too");
    }
    EngineSetup setup = EngineSetup.open(settings, EngineDemoCache::refused);
    CacheEngine engine = setup.engine().listener(troubles).build();
    return new EngineDemoCache(
        settings, upstream, setup.embedder().orElseThrow(), engine, troubles);
  }

  /** A demo without the tier that it was asked for would show nothing of it. */
  private static void refused(TierUnreachableException e) {
    throw e;
  }

  @Override
  public DemoReply ask(DemoQuestion question) {
    CachingChatModel model =
        CachingChatModel.builder(upstream.modelFor(question), engine, Scope.of(settings.scope()))
            .build();
    long start = System.nanoTime();
    try {
      ChatOutcome outcome = model.answer(request(question), options(question));
      return reply(outcome, Duration.ofNanos(System.nanoTime() - start));
    } catch (RuntimeException e) {
      return new DemoReply.Failure(
          Duration.ofNanos(System.nanoTime() - start), String.valueOf(e.getMessage()));
    }
  }

  static ChatRequest request(DemoQuestion question) {
    List<ChatMessage> messages = new ArrayList<>();
    if (!question.system().isEmpty()) {
      messages.add(SystemMessage.from(question.system()));
    }
    messages.add(UserMessage.from(question.text()));
    return ChatRequest.builder().messages(messages).temperature(question.temperature()).build();
  }

  static CacheRequestOptions options(DemoQuestion question) {
    return new CacheRequestOptions(question.useCase(), CacheControl.DEFAULT, question.documents());
  }

  private static DemoReply reply(ChatOutcome outcome, Duration took) {
    DemoReply.Served served = served(outcome.response());
    if (outcome.outcome() instanceof Outcome.ExactHit hit) {
      return new DemoReply.ExactHit(served, took, hit.entry().upstreamTime());
    }
    if (outcome.outcome() instanceof Outcome.SemanticHit hit) {
      String cached =
          hit.entry().question() instanceof Question.Semantic semantic ? semantic.text() : "";
      return new DemoReply.SemanticHit(
          served, took, hit.entry().upstreamTime(), cached, hit.similarity().cosine());
    }
    if (outcome.outcome() instanceof Outcome.Bypassed bypassed) {
      return new DemoReply.Bypass(
          served,
          took,
          bypassed.reason().code().name().toLowerCase(Locale.ROOT).replace('_', ' '),
          bypassed.reason().detail());
    }
    return new DemoReply.Miss(served, took, outcome.outcome().timings().overhead());
  }

  private static DemoReply.Served served(ChatResponse response) {
    @Nullable TokenUsage usage = response.tokenUsage();
    String text = response.aiMessage().text();
    return new DemoReply.Served(
        text == null ? "" : text,
        usage == null ? 0 : count(usage.inputTokenCount()),
        usage == null ? 0 : count(usage.outputTokenCount()));
  }

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : tokens;
  }

  @Override
  public Comparison compare(DemoQuestion asked, String cached) {
    double cosine = cosine(asked.text(), cached);
    return found(asked, cached)
        .map(
            candidate ->
                new Comparison(
                    cosine,
                    candidate.similarity().cosine(),
                    candidate.isAccepted(),
                    last(candidate.match().steps()).words()))
        .orElseGet(() -> new Comparison(cosine, cosine, false, "it is not among the nearest"));
  }

  private Optional<LookupExplanation.Candidate> found(DemoQuestion asked, String cached) {
    CachingChatModel model =
        CachingChatModel.builder(upstream.modelFor(asked), engine, Scope.of(settings.scope()))
            .build();
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      engine.drain(PATIENCE);
      while (true) {
        Optional<LookupExplanation.Candidate> candidate =
            model.explain(request(asked), options(asked)).candidates().stream()
                .filter(near -> near.question().equals(cached))
                .findFirst();
        if (candidate.isPresent() || System.nanoTime() - end > 0) {
          return candidate;
        }
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static MatchExplanation.Step last(List<MatchExplanation.Step> steps) {
    return steps.get(steps.size() - 1);
  }

  /** Returns the similarity of two questions as they are written; 0 where one is too long. */
  private double cosine(String one, String other) {
    return embedder.embed(one) instanceof Embedder.Embedding.Embedded first
            && embedder.embed(other) instanceof Embedder.Embedding.Embedded second
        ? first.vector().similarity(second.vector()).cosine()
        : 0;
  }

  @Override
  public List<HeaderLine> description() {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(
        new HeaderLine(
            "exact",
            String.join(
                ", then ",
                settings.tiers().exact().stream()
                    .sorted()
                    .map(
                        tier ->
                            tier == Tiers.Exact.MEMORY
                                ? "memory (Caffeine, in this process)"
                                : "Redis at " + withoutPassword(settings.servers().redis().url()))
                    .toList())));
    lines.add(
        new HeaderLine(
            "semantic",
            settings.tiers().semantic() == Tiers.Semantic.HNSW
                ? "HNSW (in this process)"
                : "Milvus at " + settings.servers().milvus().uri()));
    String where = embedder.id().startsWith("server:") ? "" : ", in this process";
    lines.add(new HeaderLine("embedding", embedder.id() + where));
    return lines;
  }

  /** Returns {@code url} without user and password. */
  static String withoutPassword(String url) {
    return url.replaceFirst("//[^/]*@", "//");
  }

  @Override
  public List<String> troubles() {
    return troubles.lines();
  }

  @Override
  public void close() {
    engine.close();
  }
}
