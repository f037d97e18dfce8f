package dev.reprise.langchain4j;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.model.internal.Checks;
import java.util.Objects;

/**
 * Embeds with any LangChain4j {@link EmbeddingModel}: for languages other than English, or with a
 * model that you already run. Safe for use by several threads if the model is.
 *
 * <p>Models silently cut a text that is longer than their window. Two long texts with the same
 * beginning then look equal. So texts of more than {@link Builder#maximumCharacters} are matched
 * exactly only.
 */
public final class LangChain4jEmbedder implements Embedder {
  /**
   * The default of {@link Builder#maximumCharacters}: {@value}. It fits a window of 512 tokens even
   * where each character is a token.
   */
  public static final int DEFAULT_MAXIMUM_CHARACTERS = 500;

  private final EmbeddingModel model;
  private final String id;
  private final int dimension;
  private final int maximumCharacters;
  private final int maximumTokens;

  private LangChain4jEmbedder(Builder builder, int dimension) {
    this.model = builder.model;
    this.id = builder.id;
    this.dimension = dimension;
    this.maximumCharacters = builder.maximumCharacters;
    this.maximumTokens = builder.maximumTokens;
  }

  /**
   * Returns a builder.
   *
   * @param id what names the model and everything that shapes its vectors ("text-embedding-3-small
   *     512"); tiers refuse the vectors of another one
   */
  public static Builder builder(EmbeddingModel model, String id) {
    return new Builder(
        Objects.requireNonNull(model, "model"),
        Checks.notBlank("id", Objects.requireNonNull(id, "id")));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public Embedding embed(String text) {
    if (text.length() > maximumCharacters) {
      return new Embedding.TooLong(maximumCharacters);
    }
    Response<dev.langchain4j.data.embedding.Embedding> response = model.embed(text);
    TokenUsage usage = response.tokenUsage();
    Integer tokens = usage == null ? null : usage.inputTokenCount();
    return tokens != null && tokens >= maximumTokens
        ? new Embedding.TooLong(maximumTokens)
        : new Embedding.Embedded(Vector.normalized(response.content().vector()));
  }

  /** Collects the options of a {@link LangChain4jEmbedder}. Not safe for use by several threads. */
  public static final class Builder {
    private final EmbeddingModel model;
    private final String id;
    private int dimension;
    private int maximumCharacters = DEFAULT_MAXIMUM_CHARACTERS;
    private int maximumTokens = Integer.MAX_VALUE;

    private Builder(EmbeddingModel model, String id) {
      this.model = model;
      this.id = id;
    }

    /**
     * Sets the dimension of the vectors. Default: the model's own, which may embed a text to find
     * out.
     *
     * @param dimension from 1 to 65,536
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder dimension(int dimension) {
      this.dimension = Checks.inRange("dimension", dimension, 1, 65_536);
      return this;
    }

    /**
     * Sets the longest text that is embedded, in characters. Default: {@value
     * LangChain4jEmbedder#DEFAULT_MAXIMUM_CHARACTERS}. For European languages a window holds about
     * three characters a token.
     *
     * @param characters from 1 to 1,000,000
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumCharacters(int characters) {
      this.maximumCharacters = Checks.inRange("maximumCharacters", characters, 1, 1_000_000);
      return this;
    }

    /**
     * Sets the model's window in tokens. A text for which the model reports as many or more is
     * matched exactly only. Default: not checked.
     *
     * @param tokens 2 or more
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumTokens(int tokens) {
      this.maximumTokens = Checks.inRange("maximumTokens", tokens, 2, Integer.MAX_VALUE);
      return this;
    }

    /** Returns the embedder. */
    public LangChain4jEmbedder build() {
      return new LangChain4jEmbedder(this, dimension > 0 ? dimension : model.dimension());
    }
  }
}
