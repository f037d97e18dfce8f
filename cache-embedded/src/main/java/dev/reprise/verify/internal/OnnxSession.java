package dev.reprise.verify.internal;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A BERT model in ONNX Runtime. Each run stays on the calling thread. Safe for use by several
 * threads.
 */
public final class OnnxSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;

  private OnnxSession(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
  }

  /** Loads a model. It takes native memory until it is closed. */
  public static OnnxSession open(byte[] weights) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      return new OnnxSession(environment, environment.createSession(weights, options));
    }
  }

  /** Returns the names of the model's inputs. */
  public Set<String> inputs() {
    return session.getInputNames();
  }

  /** Returns the names of the model's outputs. */
  public Set<String> outputs() {
    return session.getOutputNames();
  }

  /**
   * Runs the model on one text and returns the first of the requested outputs.
   *
   * @param tokens the token numbers
   * @param types the type of each token
   * @param outputs the names of the outputs to compute
   */
  public FloatBuffer run(long[] tokens, long[] types, Set<String> outputs) throws OrtException {
    return run(tokens, types, Map.of(), outputs);
  }

  /**
   * Runs the model on one text and returns the first of the requested outputs.
   *
   * @param numbers further inputs, each one number
   */
  public FloatBuffer run(
      long[] tokens, long[] types, Map<String, Float> numbers, Set<String> outputs)
      throws OrtException {
    long[] present = new long[tokens.length];
    Arrays.fill(present, 1);
    Map<String, OnnxTensorLike> inputs = new LinkedHashMap<>();
    try {
      inputs.put("input_ids", tensor(tokens));
      inputs.put("attention_mask", tensor(present));
      inputs.put("token_type_ids", tensor(types));
      for (Map.Entry<String, Float> number : numbers.entrySet()) {
        float[] value = {number.getValue()};
        inputs.put(
            number.getKey(),
            OnnxTensor.createTensor(environment, FloatBuffer.wrap(value), new long[] {1}));
      }
      try (OrtSession.Result result = session.run(inputs, outputs)) {
        return ((OnnxTensor) result.get(0)).getFloatBuffer();
      }
    } finally {
      inputs.values().forEach(OnnxTensorLike::close);
    }
  }

  private OnnxTensor tensor(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, LongBuffer.wrap(values), new long[] {1, values.length});
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
