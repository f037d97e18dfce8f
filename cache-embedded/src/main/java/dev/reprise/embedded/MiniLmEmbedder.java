package dev.reprise.embedded;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.OnnxBertBiEncoder;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import dev.langchain4j.model.output.Response;
import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.model.CacheException;
import dev.reprise.model.internal.Checks;
import dev.reprise.verify.NativeLibraries;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The sentence-transformers model all-MiniLM-L6-v2, int8, in the process, as LangChain4j brings it.
 * A text is embedded on the thread that asks, with no other thread's help: one that waits for a
 * processor loses less than several that wait for each other. Safe for use by several threads.
 *
 * <pre>{@code
 * Embedder embedder = MiniLmEmbedder.load();
 * }</pre>
 */
public final class MiniLmEmbedder implements Embedder {
  /** The dimension of its vectors: {@value}. */
  public static final int DIMENSION = 384;

  /**
   * The longest text, in the model's tokens: {@value}. The tokenizer cuts what is longer than one
   * token more, and a text of exactly that length looks the same as one that was cut.
   */
  public static final int WINDOW = 125;

  /**
   * A text of more characters is too long and is not split into tokens, which takes a second for a
   * million characters. No 125 tokens of the model have that many.
   */
  private static final int LONGEST = 4_096;

  private static final String ID = "all-minilm-l6-v2-int8";
  private static final String MODEL = "all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";

  /** One for the process: a session is 100 MB of native memory that nobody frees. */
  private static @Nullable Model shared;

  private final Model model;

  private MiniLmEmbedder(Model model) {
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

  private static synchronized Model shared() throws IOException, OrtException {
    Model known = shared;
    if (known == null) {
      NativeLibraries.prepare();
      known = Model.load();
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
      Response<List<dev.langchain4j.data.embedding.Embedding>> response =
          model.embedAll(List.of(TextSegment.from(text)));
      if (Objects.requireNonNull(response.tokenUsage()).inputTokenCount() > WINDOW) {
        return new Embedding.TooLong(WINDOW);
      }
      return new Embedding.Embedded(Vector.normalized(response.content().get(0).vector()));
    } catch (RuntimeException e) {
      throw new CacheException("cannot embed a text of " + text.length() + " characters", e);
    }
  }

  /** LangChain4j's model on a session of ours: its own lets every call use all processors. */
  private static final class Model extends AbstractInProcessEmbeddingModel {
    private final OnnxBertBiEncoder encoder;

    private Model(OnnxBertBiEncoder encoder) {
      super(Runnable::run);
      this.encoder = encoder;
    }

    static Model load() throws IOException, OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      try (InputStream tokenizer = open(TOKENIZER);
          OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        OrtSession session = environment.createSession(bytesOf(MODEL), options);
        return new Model(new OnnxBertBiEncoder(environment, session, tokenizer, PoolingMode.MEAN));
      }
    }

    private static byte[] bytesOf(String resource) throws IOException {
      try (InputStream stream = open(resource)) {
        return stream.readAllBytes();
      }
    }

    private static InputStream open(String resource) throws IOException {
      InputStream stream =
          AbstractInProcessEmbeddingModel.class.getClassLoader().getResourceAsStream(resource);
      if (stream == null) {
        throw new IOException("no " + resource + " on the class path");
      }
      return stream;
    }

    @Override
    protected OnnxBertBiEncoder model() {
      return encoder;
    }

    @Override
    protected Integer knownDimension() {
      return DIMENSION;
    }
  }
}
