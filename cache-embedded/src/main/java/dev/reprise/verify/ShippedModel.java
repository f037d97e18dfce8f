package dev.reprise.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reprise.match.Calibration;
import dev.reprise.model.CacheException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The weights that the module verifier-model brings, and their calibration. */
final class ShippedModel {
  private static final String FOLDER = "/dev/reprise/verifier/";
  private static final String INCOMPLETE =
      "the weights are there, what belongs to them is not, so the module verifier-model is"
          + " incomplete; docs/MATCHING.md says how a calibration is fitted";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final byte[] weights;
  private final Calibration calibration;

  private ShippedModel(byte[] weights, Calibration calibration) {
    this.weights = weights;
    this.calibration = calibration;
  }

  static ShippedModel read() {
    return read(FOLDER);
  }

  static ShippedModel read(String folder) {
    byte[] weights = bytes(folder + "verifier.onnx", "add the module verifier-model to it");
    String sha256 = sha256(weights);
    require(folder, "verifier.json", sha256);
    JsonNode calibration = require(folder, "calibration.json", sha256);
    return new ShippedModel(
        weights, CalibrationJson.read(calibration, folder + "calibration.json"));
  }

  /** Returns the bytes of the ONNX file; nobody else has them. */
  byte[] weights() {
    return weights;
  }

  Calibration calibration() {
    return calibration;
  }

  /** Returns a description of the weights, if it is of these weights. */
  private static JsonNode require(String folder, String name, String sha256) {
    JsonNode description;
    try {
      description = JSON.readTree(bytes(folder + name, INCOMPLETE));
    } catch (IOException e) {
      throw new CacheException(folder + name + " is no JSON", e);
    }
    String expected = description.path("sha256").asText();
    if (!sha256.equals(expected)) {
      throw new CacheException(
          folder
              + "verifier.onnx has the SHA-256 "
              + sha256
              + ", but "
              + name
              + " is of weights with "
              + expected
              + ": the two do not belong together");
    }
    return description;
  }

  private static byte[] bytes(String resource, String remedy) {
    try (InputStream stream =
        ShippedModel.class.getClassLoader().getResourceAsStream(resource.substring(1))) {
      if (stream == null) {
        throw new CacheException("no " + resource + " on the class path: " + remedy);
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new CacheException("cannot read " + resource, e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
