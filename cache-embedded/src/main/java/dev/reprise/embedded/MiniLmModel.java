package dev.reprise.embedded;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OrtException;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import dev.reprise.verify.internal.OnnxSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/*
 * The vectors are those of LangChain4j's OnnxBertBiEncoder, bit for bit, which MiniLmEmbedderTest holds: what was stored with them is
 * found with these. LangChain4j splits a text into tokens, writes them down as a text, splits that, and once more to run it; here a
 * text is split once, but where it holds what might be split otherwise the second time.
 */
/** Runs all-MiniLM-L6-v2, int8, by ONNX Runtime. Safe for use by several threads. */
final class MiniLmModel {
  private static final String WEIGHTS = "all-minilm-l6-v2-q.onnx";
  private static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";

  private final OnnxSession session;
  private final HuggingFaceTokenizer tokenizer;

  private MiniLmModel(OnnxSession session, HuggingFaceTokenizer tokenizer) {
    this.session = session;
    this.tokenizer = tokenizer;
  }

  static MiniLmModel load() throws IOException, OrtException {
    try (InputStream tokens = open(TOKENIZER)) {
      return new MiniLmModel(
          OnnxSession.open(bytesOf(WEIGHTS)),
          HuggingFaceTokenizer.newInstance(tokens, Map.of("padding", "false")));
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

  /**
   * Returns the tokens of a text, with the two that frame it. What is longer than 128 of them in
   * all is cut.
   */
  long[] tokens(String text) {
    Encoding encoding = tokenizer.encode(text);
    if (isPlain(text)) {
      return encoding.getIds();
    }
    List<String> tokens = Arrays.asList(encoding.getTokens());
    List<String> again = tokenizer.tokenize(tokenizer.buildSentence(tokens));
    return again.subList(1, again.size() - 1).equals(tokens)
        ? encoding.getIds()
        : tokenizer.encode(String.join("", tokens), false, false).getIds();
  }

  /**
   * Returns whether the tokens of a text are certain to be split the same again. They are where no
   * token stands in brackets, as the unknown one does, and no letter has another form.
   */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '[') {
        return false;
      }
    }
    return true;
  }

  /** Returns the mean of what the model makes of each token, of length 1. */
  float[] embed(long[] tokens) throws OrtException {
    return mean(session.run(tokens, new long[tokens.length], session.outputs()), tokens.length);
  }

  private static float[] mean(FloatBuffer states, int tokens) {
    float[] mean = new float[MiniLmEmbedder.DIMENSION];
    float[] state = new float[MiniLmEmbedder.DIMENSION];
    for (int token = 0; token < tokens; token++) {
      states.get(state);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += state[i];
      }
    }
    float squares = 0;
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= tokens;
      squares += mean[i] * mean[i];
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= length;
    }
    return mean;
  }
}
