package dev.reprise.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.rag.content.Content;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.NotCachedException;
import dev.reprise.engine.Outcome;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheException;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CachingChainTest {
  private static final Document RETURNS = new Document("returns", "1");

  private final Map<String, String> versions = new ConcurrentHashMap<>(Map.of("returns", "1"));
  private final CacheEngine engine =
      CacheEngine.builder()
          .documentVersions(document -> document.version().equals(versions.get(document.id())))
          .build();
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void close() {
    engine.close();
  }

  private CachingChain<String> chain(String version) {
    return CachingChain.builder(
            question -> {
              runs.incrementAndGet();
              return ChainResult.of(
                  "Within 30 days. (" + runs + ")",
                  Set.of(new Document("returns", versions.get("returns"))));
            },
            engine,
            Scope.of("shop"))
        .id("support")
        .version(version)
        .build();
  }

  @Test
  void theSameQuestionRunsTheChainOnce() {
    CachingChain<String> chain = chain("1");

    ChainOutcome<String> first = chain.ask("Can I return it?");
    ChainOutcome<String> second = chain.ask("Can I return it?");

    assertThat(first.wasCached()).isFalse();
    assertThat(second.wasCached()).isTrue();
    assertThat(second.answer()).isEqualTo(first.answer());
    assertThat(second.outcome().answer().documents()).containsExactly(RETURNS);
    assertThat(runs).hasValue(1);
  }

  @Test
  void oneChainServesSeveralTenantsThatNeverMeet() {
    CachingChain<String> chain =
        CachingChain.builder(
                question -> ChainResult.of("run " + runs.incrementAndGet(), Set.of()), engine)
            .scopeFor(
                question ->
                    question
                        .inputs()
                        .get("tenant")
                        .map(name -> Scope.of((String) name))
                        .orElse(null))
            .id("support")
            .version("1")
            .build();
    ChainQuestion question = ChainQuestion.of("Can I return it?");

    assertThat(chain.ask(question.withInput("tenant", "a")).answer()).isEqualTo("run 1");
    assertThat(chain.ask(question.withInput("tenant", "a")).wasCached()).isTrue();
    assertThat(chain.ask(question.withInput("tenant", "b")).answer()).isEqualTo("run 2");
    for (int run = 3; run <= 4; run++) {
      ChainOutcome<String> nobody = chain.ask(question);
      assertThat(nobody.answer()).isEqualTo("run " + run);
      assertThat(((Outcome.Bypassed) nobody.outcome()).reason().code())
          .isEqualTo(Reason.Code.NO_SCOPE);
    }
  }

  @Test
  void aScopeThatCannotBeToldBypasses() {
    CachingChain<String> chain =
        CachingChain.builder(question -> ChainResult.of("answer", Set.of()), engine)
            .scopeFor(
                question -> {
                  throw new IllegalStateException("no tenant");
                })
            .id("support")
            .version("1")
            .build();
    Outcome outcome = chain.ask("Can I return it?").outcome();
    assertThat(((Outcome.Bypassed) outcome).reason().detail())
        .contains("scopeFor failed with java.lang.IllegalStateException");
    CachingChain<String> unsaid =
        CachingChain.builder(question -> ChainResult.of("answer", Set.of()), engine)
            .id("support")
            .version("1")
            .build();
    assertThat(unsaid.ask("Can I return it?").outcome()).isInstanceOf(Outcome.Bypassed.class);
  }

  @Test
  void aNewVersionOfADocumentDropsTheAnswer() {
    CachingChain<String> chain = chain("1");
    chain.ask("Can I return it?");

    versions.put("returns", "2");

    assertThat(chain.ask("Can I return it?").wasCached()).isFalse();
    assertThat(chain.ask("Can I return it?").wasCached()).isTrue();
    assertThat(runs).hasValue(2);
  }

  @Test
  void invalidatingADocumentDropsTheAnswer() {
    CachingChain<String> chain = chain("1");
    chain.ask("Can I return it?");

    assertThat(engine.invalidateDocument("returns")).isEqualTo(1);

    assertThat(chain.ask("Can I return it?").wasCached()).isFalse();
  }

  @Test
  void versionAndInputsAreInTheKey() {
    CachingChain<String> chain = chain("1");
    chain.ask("Can I return it?");

    assertThat(chain("2").ask("Can I return it?").wasCached()).isFalse();
    ChainQuestion french = ChainQuestion.of("Can I return it?").withInput("language", "fr");
    assertThat(chain.ask(french).wasCached()).isFalse();
    assertThat(chain.ask(french).wasCached()).isTrue();
    assertThat(chain.ask("Can I return it?").wasCached()).isTrue();
  }

  @Test
  void aSourceWithoutADocumentIsNotStored() {
    Content known = content(Map.of("id", "returns", "version", "1"));
    Content unknown = content(Map.of("id", "returns"));
    var documentOf = ChainResult.documentByMetadata("id", "version");

    ChainResult<String> whole =
        ChainResult.of("yes", List.of(known), FinishReason.STOP, documentOf);
    ChainResult<String> partial =
        ChainResult.of("yes", List.of(known, unknown), FinishReason.STOP, documentOf);
    ChainResult<String> cut =
        ChainResult.of("yes", List.of(known), FinishReason.LENGTH, documentOf);

    assertThat(whole.completion()).isEqualTo(Completion.COMPLETE);
    assertThat(whole.documents()).containsExactly(RETURNS);
    assertThat(partial.completion()).isEqualTo(Completion.UNKNOWN_SOURCE);
    assertThat(cut.completion()).isEqualTo(Completion.TRUNCATED);
  }

  private static Content content(Map<String, String> metadata) {
    return Content.from(TextSegment.from("Returns within 30 days.", Metadata.from(metadata)));
  }

  record Advice(String text, int days) {}

  @Test
  void objectsAreCachedAsJson() {
    CachingChain<Advice> chain =
        CachingChain.builder(
                question -> {
                  runs.incrementAndGet();
                  return ChainResult.of(new Advice("Return it", 30), Set.of(RETURNS));
                },
                engine,
                Scope.of("shop"),
                ChainCodec.json(Advice.class, 1))
            .id("advice")
            .version("1")
            .build();

    assertThat(chain.ask("Can I?").answer()).isEqualTo(new Advice("Return it", 30));
    assertThat(chain.ask("Can I?").answer()).isEqualTo(new Advice("Return it", 30));
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatTheChainThrowsReachesTheCallerAsItIs() {
    IllegalStateException own = new IllegalStateException("no index");
    CachingChain<String> chain =
        CachingChain.builder(
                question -> {
                  throw own;
                },
                engine,
                Scope.of("shop"))
            .id("broken")
            .version("1")
            .build();

    assertThatThrownBy(() -> chain.ask("Why?")).isSameAs(own);
  }

  @Test
  void onlyIfCachedDoesNotRunTheChain() {
    ChainQuestion question =
        ChainQuestion.of("Can I return it?")
            .with(CacheControl.DEFAULT.with(CacheControl.Directive.ONLY_IF_CACHED));

    assertThatThrownBy(() -> chain("1").ask(question)).isInstanceOf(NotCachedException.class);
    assertThat(runs).hasValue(0);
  }

  @Test
  void aTruncatedAnswerIsNotStored() {
    CachingChain<String> chain =
        CachingChain.builder(
                question -> {
                  runs.incrementAndGet();
                  return ChainResult.of(
                      "Within",
                      List.of(),
                      FinishReason.LENGTH,
                      content -> java.util.Optional.empty());
                },
                engine,
                Scope.of("shop"))
            .id("cut")
            .version("1")
            .build();

    chain.ask("Can I?");
    assertThat(chain.ask("Can I?").outcome()).isInstanceOf(Outcome.Computed.class);
    assertThat(runs).hasValue(2);
  }

  @Test
  void aChainWithoutAVersionIsRefused() {
    assertThatThrownBy(
            () ->
                CachingChain.builder(
                        question -> ChainResult.of("x", Set.of()), engine, Scope.of("shop"))
                    .id("support")
                    .build())
        .isInstanceOf(CacheException.class)
        .hasMessage("a cached chain needs an id and a version");
  }
}
