package dev.reprise.embedded;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.langchain4j.model.embedding.onnx.AbstractInProcessEmbeddingModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
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

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;

  private MiniLmModel(
      OrtEnvironment environment, OrtSession session, HuggingFaceTokenizer tokenizer) {
    this.environment = environment;
    this.session = session;
    this.tokenizer = tokenizer;
  }

  static MiniLmModel load() throws IOException, OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (InputStream tokens = open(TOKENIZER);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new MiniLmModel(
          environment,
          environment.createSession(bytesOf(WEIGHTS), options),
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
    long[] shape = {1, tokens.length};
    long[] present = new long[tokens.length];
    Arrays.fill(present, 1);
    try (OnnxTensor ids = tensor(tokens, shape);
        OnnxTensor mask = tensor(present, shape);
        OnnxTensor types = tensor(new long[tokens.length], shape)) {
      Map<String, OnnxTensorLike> inputs = new LinkedHashMap<>();
      inputs.put("input_ids", ids);
      inputs.put("attention_mask", mask);
      inputs.put("token_type_ids", types);
      try (OrtSession.Result result = session.run(inputs)) {
        return mean(((OnnxTensor) result.get(0)).getFloatBuffer(), tokens.length);
      }
    }
  }

  private OnnxTensor tensor(long[] values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
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
