package dev.reprise.verify;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OrtException;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.reprise.match.Calibration;
import dev.reprise.match.Verifier;
import dev.reprise.model.CacheException;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Similarity;
import dev.reprise.verify.internal.NativeLibraries;
import dev.reprise.verify.internal.OnnxSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A cross-encoder in the process: it reads both questions at once, token by token, by ONNX Runtime.
 * A pair is read on the thread that asks, with no other thread's help. Safe for use by several
 * threads.
 *
 * <p>The model's inputs are {@code input_ids}, {@code attention_mask} and {@code token_type_ids}
 * (64-bit integers, batch by length: {@code [CLS] asked [SEP] cached [SEP]} in the tokens of
 * all-MiniLM-L6-v2) and {@code cosine} (32-bit floats, batch); its output {@code logit} is the
 * log-odds that the answers are the same (32-bit floats, batch).
 *
 * <pre>{@code
 * Matcher matcher = Matcher.verified(OnnxVerifier.load(), WrongAnswerBound.perLookup(0.01));
 * }</pre>
 */
public final class OnnxVerifier implements Verifier {
  /** The longest pair, in tokens, the three that frame it included: {@value}. */
  public static final int WINDOW = 128;

  /** A text of more characters is too long, and is not split into tokens to find that. */
  private static final int LONGEST = 4_096;

  /** So many characters and tokens of questions are remembered: some 10,000 questions. */
  private static final int REMEMBERED = 1_000_000;

  private static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";
  private static final String OUTPUT = "logit";
  private static final Set<String> INPUTS =
      Set.of("input_ids", "attention_mask", "token_type_ids", "cosine");

  private final OnnxSession session;
  private final HuggingFaceTokenizer tokenizer;
  private final Calibration calibration;

  // A question is read against several cached ones, and a cached one again and again.
  private final Cache<String, long[]> tokens =
      Caffeine.newBuilder()
          .maximumWeight(REMEMBERED)
          .weigher((String question, long[] ids) -> question.length() + ids.length)
          .executor(Runnable::run)
          .build();

  private OnnxVerifier(Loaded loaded, Calibration calibration) {
    this.session = loaded.session();
    this.tokenizer = loaded.tokenizer();
    this.calibration = calibration;
  }

  /**
   * Loads the weights of the module {@code verifier-model} from the class path, with their
   * calibration. The first call takes about a second and 100 MB of native memory, which live as
   * long as the process; further calls share them. Opens no connection.
   *
   * @throws CacheException if the module is not on the class path, if the weights are not the ones
   *     that its description names (by SHA-256), or if they cannot be loaded
   */
  public static OnnxVerifier load() {
    return load(ShippedModel.read());
  }

  static OnnxVerifier load(ShippedModel shipped) {
    return open(shipped.weights(), shipped.calibration(), "the verifier on the class path");
  }

  /**
   * Loads a model of the user's own. It has no calibration until it is given one. Equal weights
   * share their native memory, which lives as long as the process.
   *
   * @param onnx the model's file
   * @throws CacheException if it cannot be read, or is no such model
   */
  public static OnnxVerifier load(Path onnx) {
    return load(onnx, Calibration.none());
  }

  /**
   * Loads a model of the user's own, with its calibration.
   *
   * @param onnx the model's file
   * @throws CacheException if it cannot be read, or is no such model
   */
  public static OnnxVerifier load(Path onnx, Calibration calibration) {
    Objects.requireNonNull(onnx, "onnx");
    Objects.requireNonNull(calibration, "calibration");
    try {
      return open(Files.readAllBytes(onnx), calibration, "the verifier " + onnx);
    } catch (IOException e) {
      throw new CacheException("cannot read the verifier " + onnx, e);
    }
  }

  private static OnnxVerifier open(byte[] weights, Calibration calibration, String what) {
    try {
      return new OnnxVerifier(Loaded.of(weights, what), calibration);
    } catch (CacheException e) {
      throw e;
    } catch (IOException | OrtException | RuntimeException | LinkageError e) {
      throw new CacheException("cannot load " + what, e);
    }
  }

  /** What is native: one for equal weights, as long as the process lives. */
  private record Loaded(OnnxSession session, HuggingFaceTokenizer tokenizer) {
    private static final Map<ContentHash, Loaded> SHARED = new HashMap<>();

    static Loaded of(byte[] weights, String what) throws IOException, OrtException {
      ContentHash hash = ContentHash.of(weights);
      synchronized (SHARED) {
        Loaded known = SHARED.get(hash);
        if (known == null) {
          known = open(weights, what);
          SHARED.put(hash, known);
        }
        return known;
      }
    }

    private static Loaded open(byte[] weights, String what) throws IOException, OrtException {
      NativeLibraries.prepare();
      OnnxSession session = OnnxSession.open(weights);
      try {
        check(session, what);
        return new Loaded(session, OnnxVerifier.tokenizer());
      } catch (IOException | RuntimeException | LinkageError e) {
        session.close();
        throw e;
      }
    }
  }

  private static void check(OnnxSession session, String what) {
    if (!session.inputs().equals(INPUTS) || !session.outputs().contains(OUTPUT)) {
      throw new CacheException(
          what
              + " must have the inputs "
              + INPUTS
              + " and the output "
              + OUTPUT
              + ", but has "
              + session.inputs()
              + " and "
              + session.outputs());
    }
  }

  private static HuggingFaceTokenizer tokenizer() throws IOException {
    try (InputStream stream = OnnxVerifier.class.getClassLoader().getResourceAsStream(TOKENIZER)) {
      if (stream == null) {
        throw new IOException("no " + TOKENIZER + " on the class path");
      }
      // One token more than the window, so that what is too long can be told.
      return HuggingFaceTokenizer.newInstance(
          stream,
          Map.of(
              "padding", "false", "truncation", "true", "maxLength", String.valueOf(WINDOW + 1)));
    }
  }

  @Override
  public Calibration calibration() {
    return calibration;
  }

  /**
   * {@inheritDoc}
   *
   * @throws CacheException if the model cannot read it
   */
  @Override
  public Verdict verify(String asked, String cached, Similarity similarity) {
    if (asked.length() > LONGEST || cached.length() > LONGEST) {
      return new Verdict.Unreadable("a text is longer than " + LONGEST + " characters");
    }
    try {
      long[] first = tokens.get(asked, this::tokensOf);
      long[] second = tokens.get(cached, this::tokensOf);
      // Both begin with [CLS], of which a pair has one.
      int length = first.length + second.length - 1;
      if (length > WINDOW) {
        return new Verdict.Unreadable("the pair is longer than " + WINDOW + " tokens");
      }
      long[] ids = Arrays.copyOf(first, length);
      System.arraycopy(second, 1, ids, first.length, second.length - 1);
      long[] types = new long[length];
      Arrays.fill(types, first.length, length, 1);
      return new Verdict.LogOdds(logOdds(ids, types, similarity));
    } catch (OrtException | RuntimeException e) {
      throw new CacheException(
          "cannot verify a pair of " + (asked.length() + cached.length()) + " characters", e);
    }
  }

  /** Returns the tokens of a question with the two that frame it: {@code [CLS] ... [SEP]}. */
  private long[] tokensOf(String question) {
    return tokenizer.encode(question).getIds();
  }

  private double logOdds(long[] pair, long[] sides, Similarity similarity) throws OrtException {
    float cosine = (float) similarity.cosine();
    return session.run(pair, sides, Map.of("cosine", cosine), Set.of(OUTPUT)).get(0);
  }
}
