package dev.reprise.embedded;

import ai.onnxruntime.OrtException;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.model.CacheException;
import dev.reprise.model.internal.Checks;
import dev.reprise.verify.internal.NativeLibraries;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sentence-transformers model all-MiniLM-L6-v2, int8, in the process, from LangChain4j's
 * artifact. A text is embedded on the calling thread alone. Safe for use by several threads.
 *
 * <pre>{@code
 * Embedder embedder = MiniLmEmbedder.load();
 * }</pre>
 */
public final class MiniLmEmbedder implements Embedder {
  /** The dimension of its vectors: {@value}. */
  public static final int DIMENSION = 384;

  /**
   * The longest text, in the model's tokens: {@value}. The tokenizer cuts a text after one more
   * token, and a text of exactly that length cannot be told from a cut one.
   */
  public static final int WINDOW = 125;

  /**
   * A text of more characters is too long and is not split into tokens, which takes a second for a
   * million characters. No 125 tokens of the model have that many.
   */
  private static final int LONGEST = 4_096;

  private static final String ID = "all-minilm-l6-v2-int8";

  private static final Logger LOG = LoggerFactory.getLogger(MiniLmEmbedder.class);

  /** One for the process: a session is 100 MB of native memory that nobody frees. */
  private static @Nullable MiniLmModel shared;

  private final MiniLmModel model;

  private MiniLmEmbedder(MiniLmModel model) {
    this.model = model;
  }

  /**
   * Loads the model. The first call takes about a second and 100 MB of native memory, which live as
   * long as the process; further calls share them. Opens no connection.
   *
   * @throws CacheException if the model or the native library for this platform cannot be loaded
   */
  public static MiniLmEmbedder load() {
    try {
      return new MiniLmEmbedder(shared());
    } catch (IOException | OrtException | RuntimeException | LinkageError e) {
      throw new CacheException("cannot load the embedding model " + ID, e);
    }
  }

  /**
   * Starts to load the model on another thread, and returns at once. A later {@link #load} then
   * takes less time. It reports a failure, this method does not.
   */
  public static void loadAhead() {
    Thread thread =
        new Thread(
            () -> {
              try {
                shared();
              } catch (IOException | OrtException | RuntimeException | LinkageError e) {
                LOG.debug("The embedding model {} could not be loaded ahead", ID, e);
              }
            },
            "reprise-load-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  private static synchronized MiniLmModel shared() throws IOException, OrtException {
    MiniLmModel known = shared;
    if (known == null) {
      NativeLibraries.prepare();
      known = MiniLmModel.load();
      shared = known;
    }
    return known;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public int dimension() {
    return DIMENSION;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if {@code text} is blank
   * @throws CacheException if the model cannot embed it
   */
  @Override
  public Embedding embed(String text) {
    Checks.notBlank("text", text);
    if (text.length() > LONGEST) {
      return new Embedding.TooLong(WINDOW);
    }
    try {
      long[] tokens = model.tokens(text);
      // Two of them frame the text.
      return tokens.length - 2 > WINDOW
          ? new Embedding.TooLong(WINDOW)
          : new Embedding.Embedded(Vector.normalized(model.embed(tokens)));
    } catch (OrtException | RuntimeException e) {
      throw new CacheException("cannot embed a text of " + text.length() + " characters", e);
    }
  }
}
