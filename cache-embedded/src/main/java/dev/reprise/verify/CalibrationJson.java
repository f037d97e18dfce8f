package dev.reprise.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.match.Calibration;
import dev.reprise.match.WrongAnswerBound;
import dev.reprise.match.WrongAnswerBound.Kind;
import dev.reprise.model.CacheException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A {@link Calibration} as JSON:
 *
 * <pre>{@code
 * {"bias": -1.2, "scale": 0.9, "crowding": -0.5,
 *  "points": [{"bound": "per-lookup", "rate": 0.01, "least": 0.93}]}
 * }</pre>
 */
public final class CalibrationJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CalibrationJson() {}

  /**
   * Reads what {@link #write} wrote. Other members are ignored.
   *
   * @throws CacheException if it is no JSON, or no calibration
   */
  public static Calibration read(String json) {
    Objects.requireNonNull(json, "json");
    try {
      return read(JSON.readTree(json), "the calibration");
    } catch (JsonProcessingException e) {
      throw new CacheException("the calibration is no JSON", e);
    }
  }

  static Calibration read(JsonNode json, String what) {
    List<Calibration.Band> bands = new ArrayList<>();
    try {
      for (JsonNode band : json.path("bands")) {
        bands.add(
            new Calibration.Band(
                number(band, "from", what),
                number(band, "wrong", what),
                number(band, "read", what),
                number(band, "share", what)));
      }
      return new Calibration(
          number(json, "bias", what),
          number(json, "scale", what),
          number(json, "crowding", what),
          points(json.path("points"), what),
          bands,
          points(json.path("floors"), what));
    } catch (IllegalArgumentException e) {
      throw new CacheException(what + " has a value out of range: " + e.getMessage(), e);
    }
  }

  private static List<Calibration.Point> points(JsonNode json, String what) {
    List<Calibration.Point> points = new ArrayList<>();
    for (JsonNode point : json) {
      points.add(
          new Calibration.Point(
              new WrongAnswerBound(
                  kind(point.path("bound").asText(), what), number(point, "rate", what)),
              number(point, "least", what)));
    }
    return points;
  }

  /** Returns {@code calibration} as JSON. */
  public static String write(Calibration calibration) {
    Objects.requireNonNull(calibration, "calibration");
    ObjectNode json = JSON.createObjectNode();
    json.put("bias", calibration.bias());
    json.put("scale", calibration.scale());
    json.put("crowding", calibration.crowding());
    write(json, "points", calibration.points());
    for (Calibration.Band band : calibration.bands()) {
      json.withArray("bands")
          .addObject()
          .put("from", band.from())
          .put("wrong", band.wrong())
          .put("read", band.read())
          .put("share", band.share());
    }
    write(json, "floors", calibration.floors());
    return json.toPrettyString();
  }

  private static void write(ObjectNode json, String name, List<Calibration.Point> points) {
    for (Calibration.Point point : points) {
      json.withArray(name)
          .addObject()
          .put("bound", name(point.bound().kind()))
          .put("rate", point.bound().rate())
          .put("least", point.leastConfidence());
    }
  }

  private static double number(JsonNode json, String name, String what) {
    JsonNode value = json.path(name);
    if (!value.isNumber()) {
      throw new CacheException(what + " must have a number named " + name);
    }
    return value.asDouble();
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case PER_LOOKUP -> "per-lookup";
      case PER_HIT -> "per-hit";
    };
  }

  private static Kind kind(String name, String what) {
    for (Kind kind : Kind.values()) {
      if (name(kind).equals(name)) {
        return kind;
      }
    }
    throw new CacheException(what + " has a bound " + name + ", but knows per-lookup and per-hit");
  }
}
