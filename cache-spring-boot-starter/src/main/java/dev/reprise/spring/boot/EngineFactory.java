package dev.reprise.spring.boot;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.DataDirectory;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.CacheListener;
import dev.reprise.engine.ContributorResolver;
import dev.reprise.engine.DocumentVersions;
import dev.reprise.engine.Pricing;
import dev.reprise.engine.RequestListener;
import dev.reprise.learn.EmbeddingJudge;
import dev.reprise.learn.Learning;
import dev.reprise.learn.LearningStore;
import dev.reprise.match.Guard;
import dev.reprise.match.Matcher;
import dev.reprise.match.VerifiedMatcher;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.model.CacheException;
import dev.reprise.policy.CachePolicy;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticTier;
import dev.reprise.verify.OnnxVerifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.unit.DataSize;

/** Builds the engine that the properties describe, with the application's own beans in it. */
final class EngineFactory {
  private static final Logger LOG = LoggerFactory.getLogger(EngineFactory.class);

  private final RepriseProperties properties;
  private final TierPlan plan;
  private final BeanFactory beans;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable DataDirectory data;

  EngineFactory(RepriseProperties properties, TierPlan plan, BeanFactory beans) {
    this.properties = properties;
    this.plan = plan;
    this.beans = beans;
  }

  CacheEngine engine() {
    try {
      CacheEngine.Builder builder =
          CacheEngine.builder()
              .remedies(new PropertyRemedies())
              .mode(properties.mode())
              .policy(beans.getBean(CachePolicy.class));
      openDirectory(builder);
      setEngine(builder);
      setExactTiers(builder);
      setSemanticTier(builder);
      beans.getBeanProvider(Pricing.class).ifAvailable(builder::pricing);
      beans.getBeanProvider(DocumentVersions.class).ifAvailable(builder::documentVersions);
      beans.getBeanProvider(ContributorResolver.class).ifAvailable(builder::contributors);
      beans.getBeanProvider(CacheListener.class).orderedStream().forEach(builder::listener);
      beans
          .getBeanProvider(RequestListener.class)
          .orderedStream()
          .forEach(builder::requestListener);
      // No bean of the listener's type, so that an application can inject its own one.
      beans
          .getBeanProvider(CallObserver.class)
          .ifUnique(observer -> builder.requestListener((request, end) -> observer.ended(end)));
      beans
          .getBeanProvider(RepriseEngineCustomizer.class)
          .orderedStream()
          .forEach(customizer -> customizer.customize(builder));
      return builder.build();
    } catch (RuntimeException e) {
      for (AutoCloseable one : opened) {
        try {
          one.close();
        } catch (Exception second) {
          e.addSuppressed(second);
        }
      }
      throw e;
    }
  }

  private void openDirectory(CacheEngine.Builder builder) {
    Path directory = properties.dataDirectory();
    if (directory == null) {
      return;
    }
    try {
      data = opened(DataDirectory.open(directory));
      data.configure(builder);
    } catch (CacheException e) {
      throw Settings.invalid(TierPlan.DATA_DIRECTORY, directory, String.valueOf(e.getMessage()));
    }
  }

  private void setEngine(CacheEngine.Builder builder) {
    RepriseProperties.Engine engine = properties.engine();
    Settings.apply("reprise.engine.candidates", engine.candidates(), builder::candidates);
    Settings.apply("reprise.engine.follower-wait", engine.followerWait(), builder::followerWait);
    Settings.apply(
        "reprise.engine.searches-at-once", engine.searchesAtOnce(), builder::searchesAtOnce);
    Settings.apply("reprise.engine.search-wait", engine.searchWait(), builder::searchWait);
    Settings.apply(
        "reprise.engine.promotion-after", engine.promotionAfter(), builder::promotionAfter);
    Settings.apply(
        "reprise.redis.pending-removals",
        properties.redis().pendingRemovals(),
        builder::pendingRemovals);
  }

  private void setExactTiers(CacheEngine.Builder builder) {
    ExactTier own = beans.getBeanProvider(ExactTier.class).getIfAvailable();
    if (own != null) {
      builder.exactTier(own);
      return;
    }
    if (data != null) {
      if (properties.memory().maximumSize() != null) {
        builder.exactTiers(memory(), data.exactTier());
      }
      return;
    }
    if (plan.redis() == null) {
      builder.exactTier(memory());
      return;
    }
    ExactTier redis = opened(RedisTiers.tier(plan.redis(), properties.redis()));
    if (plan.memory()) {
      builder.exactTiers(memory(), redis);
    } else {
      builder.exactTier(redis);
    }
  }

  private CaffeineExactTier memory() {
    CaffeineExactTier.Builder memory = CaffeineExactTier.builder();
    Settings.apply(
        "reprise.memory.maximum-size",
        properties.memory().maximumSize(),
        (DataSize size) -> memory.maximumBytes(size.toBytes()));
    return opened(memory.build());
  }

  private void setSemanticTier(CacheEngine.Builder builder) {
    SemanticTier own = beans.getBeanProvider(SemanticTier.class).getIfAvailable();
    if (own == null && !plan.isSemantic()) {
      return;
    }
    Supplier<Matcher> configured = matcher();
    checkLearning();
    Embedder embedder;
    Matcher matcher;
    try {
      embedder = beans.getBeanProvider(Embedder.class).getIfAvailable(MiniLmEmbedder::load);
      matcher = beans.getBeanProvider(Matcher.class).getIfAvailable(configured);
    } catch (CacheException | LinkageError e) {
      LOG.warn(
          "Reprise cannot load its models here, and matches exactly only: {}. Set"
              + " reprise.tiers=memory to start without them.",
          e.getMessage(),
          e);
      return;
    }
    builder.semanticTier(own != null ? own : semanticTier(embedder), embedder).matcher(matcher);
    builder.learning(
        beans.getBeanProvider(Learning.class).getIfAvailable(() -> learning(embedder)));
  }

  private SemanticTier semanticTier(Embedder embedder) {
    if (plan.milvus() != null) {
      return opened(MilvusTiers.tier(plan.milvus(), properties.milvus(), embedder));
    }
    HnswSemanticTier.Builder hnsw = HnswSemanticTier.builder(embedder.dimension());
    Settings.apply(
        "reprise.hnsw.maximum-entries", properties.hnsw().maximumEntries(), hnsw::maximumEntries);
    HnswSemanticTier index = hnsw.build();
    return opened(data == null ? index : data.semanticTier(index, embedder));
  }

  /** Checks the properties at once, and loads the verifier only when it is asked for it. */
  private Supplier<Matcher> matcher() {
    RepriseProperties.Matcher settings = properties.matcher();
    Double perLookup = settings.wrongAnswersPerLookup();
    Double perHit = settings.wrongAnswersPerHit();
    Double threshold = settings.threshold();
    if (threshold != null && (perLookup != null || perHit != null)) {
      throw Settings.invalid(
          "reprise.matcher.threshold", threshold, "A threshold has no bound; set one of the two.");
    }
    Set<String> withoutGuards = withoutGuards(settings);
    if (perLookup != null && perHit != null) {
      throw Settings.invalid(
          "reprise.matcher.wrong-answers-per-hit",
          perHit,
          "reprise.matcher.wrong-answers-per-lookup is set, too; set one of the two.");
    }
    if (threshold != null) {
      Matcher[] matcher = new Matcher[1];
      Settings.apply(
          "reprise.matcher.threshold", threshold, cosine -> matcher[0] = Matcher.threshold(cosine));
      return () -> matcher[0];
    }
    WrongAnswerBound[] bound = {WrongAnswerBound.defaults()};
    Settings.apply(
        "reprise.matcher.wrong-answers-per-lookup",
        perLookup,
        rate -> bound[0] = WrongAnswerBound.perLookup(rate));
    Settings.apply(
        "reprise.matcher.wrong-answers-per-hit",
        perHit,
        rate -> bound[0] = WrongAnswerBound.perHit(rate));
    return () -> {
      VerifiedMatcher.Builder verified =
          VerifiedMatcher.builder(OnnxVerifier.load()).bound(bound[0]).withoutGuards(withoutGuards);
      if (!settings.glossary().isEmpty()) {
        Settings.apply("reprise.matcher.glossary", settings.glossary(), verified::glossary);
      }
      return verified.build();
    };
  }

  private static Set<String> withoutGuards(RepriseProperties.Matcher settings) {
    String property = "reprise.matcher.without-guards";
    if (settings.threshold() != null && !settings.withoutGuards().isEmpty()) {
      throw Settings.invalid(
          property,
          settings.withoutGuards(),
          "A threshold asks no guards; remove reprise.matcher.threshold.");
    }
    settings.withoutGuards().forEach(name -> Settings.apply(property, name, Guard::labelled));
    return Set.copyOf(settings.withoutGuards());
  }

  private void checkLearning() {
    RepriseProperties.Learning settings = properties.learning();
    if (settings.checked() != null && settings.judge() == RepriseProperties.Learning.Judge.NONE) {
      throw Settings.invalid(
          "reprise.learning.checked",
          settings.checked(),
          "Nothing compares the answers. Set reprise.learning.judge.");
    }
  }

  private Learning learning(Embedder embedder) {
    RepriseProperties.Learning settings = properties.learning();
    boolean judged = settings.judge() == RepriseProperties.Learning.Judge.EMBEDDING;
    Learning[] learning = {
      judged ? Learning.by(EmbeddingJudge.of(embedder)) : Learning.fromFeedbackOnly()
    };
    Settings.apply(
        "reprise.learning.checked",
        settings.checked(),
        share -> learning[0] = learning[0].withChecked(share));
    if (settings.file() != null) {
      learning[0] = learning[0].withStore(LearningStore.file(settings.file()));
    } else if (data != null) {
      learning[0] = learning[0].withStore(data.learningStore());
    }
    return learning[0];
  }

  private <T extends @Nullable AutoCloseable> T opened(T tier) {
    opened.add(tier);
    return tier;
  }
}
