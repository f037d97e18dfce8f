package dev.reprise.examples;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.reprise.engine.CacheEngine;
import dev.reprise.langchain4j.CachingChain;
import dev.reprise.langchain4j.ChainOutcome;
import dev.reprise.langchain4j.ChainResult;
import dev.reprise.model.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cache in front of a whole LangChain4j chain (embedding, retrieval, model): a hit does none of
 * it, and an answer is dropped as soon as a document that it was made from changes.
 */
public final class RagChainExample implements AutoCloseable {

  /** The chain's own service; its result tells the sources. */
  interface Support {
    Result<String> answer(String question);
  }

  private final EmbeddingModel embeddings = new AllMiniLmL6V2QuantizedEmbeddingModel();
  private final Map<String, String> currentVersions = new ConcurrentHashMap<>();
  private final AtomicInteger retrievals = new AtomicInteger();
  private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
  private final CacheEngine engine =
      CacheEngine.builder()
          .documentVersions(
              document -> Objects.equals(document.version(), currentVersions.get(document.id())))
          .build();
  private final CachingChain<String> chain;

  RagChainExample(ChatModel model) {
    Support support =
        AiServices.builder(Support.class).chatModel(model).contentRetriever(retriever()).build();
    this.chain =
        CachingChain.builder(
                question -> {
                  Result<String> result = support.answer(question.text());
                  return ChainResult.of(
                      result.content(),
                      result.sources(),
                      result.finishReason(),
                      ChainResult.documentByMetadata("id", "version"));
                },
                engine,
                Scope.of("my-app"))
            .id("support")
            .version("1")
            .build();
  }

  private ContentRetriever retriever() {
    ContentRetriever byMeaning =
        EmbeddingStoreContentRetriever.builder()
            .embeddingStore(store)
            .embeddingModel(embeddings)
            .maxResults(1)
            .build();
    return new ContentRetriever() {
      @Override
      public List<Content> retrieve(Query query) {
        retrievals.incrementAndGet();
        return byMeaning.retrieve(query);
      }
    };
  }

  /** Puts a document's new version into the store, in place of the old one. */
  void publish(String id, String version, String text) {
    store.removeAll(
        dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey("id")
            .isEqualTo(id));
    EmbeddingStoreIngestor.builder()
        .embeddingModel(embeddings)
        .embeddingStore(store)
        .build()
        .ingest(Document.from(text, Metadata.from(Map.of("id", id, "version", version))));
    currentVersions.put(id, version);
  }

  ChainOutcome<String> ask(String question) {
    return chain.ask(question);
  }

  /** Returns how often the chain embedded a question and searched the store. */
  int retrievals() {
    return retrievals.get();
  }

  @Override
  public void close() {
    engine.close();
  }

  /** Asks a model that runs offline. */
  public static void main(String[] arguments) {
    try (RagChainExample example = new RagChainExample(new OfflineModel().awaited())) {
      example.publish("returns", "1", "Goods can be returned within 14 days.");
      example.publish("shipping", "1", "Shipping takes 3 days.");
      for (int i = 0; i < 2; i++) {
        show(example.ask("How long can I return goods?"));
      }
      example.publish("returns", "2", "Goods can be returned within 30 days.");
      show(example.ask("How long can I return goods?"));
    }
  }

  private static void show(ChainOutcome<String> outcome) {
    System.out.println((outcome.wasCached() ? "cached:   " : "computed: ") + outcome.answer());
  }
}
