package dev.reprise.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.key.ExactKey;
import dev.reprise.match.Observation;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Tag;
import java.util.ArrayList;
import java.util.List;

/** What engines tell each other of what they learn, as JSON. No text of a user's. */
final class LearnedRecords {
  private static final int FORMAT = 1;
  private static final String ASKED = "asked";
  private static final String APPROVED = "approved";
  private static final String WITHDRAWN = "withdrawn";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The kinds of observations, as lists of confidences. */
  private enum Kind {
    MISSED("missed"),
    HIT("hit"),
    MISS_SAME("miss-same"),
    MISS_DIFFERENT("miss-different"),
    HIT_SAME("hit-same"),
    HIT_DIFFERENT("hit-different");

    private final String member;

    Kind(String member) {
      this.member = member;
    }

    static Kind of(Observation observation) {
      boolean wasServed = observation.wasServed();
      if (observation instanceof Observation.Judged judged) {
        return wasServed
            ? judged.isSame() ? HIT_SAME : HIT_DIFFERENT
            : judged.isSame() ? MISS_SAME : MISS_DIFFERENT;
      }
      return wasServed ? HIT : MISSED;
    }

    Observation observation(double confidence) {
      return switch (this) {
        case MISSED -> new Observation.LookedUp(confidence, false);
        case HIT -> new Observation.LookedUp(confidence, true);
        case MISS_SAME -> new Observation.Judged(confidence, false, true);
        case MISS_DIFFERENT -> new Observation.Judged(confidence, false, false);
        case HIT_SAME -> new Observation.Judged(confidence, true, true);
        case HIT_DIFFERENT -> new Observation.Judged(confidence, true, false);
      };
    }
  }

  private LearnedRecords() {}

  /**
   * Returns a record of observations.
   *
   * @param of what the confidence is
   */
  static String observed(String of, List<Observation> observations) {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("of", of);
    for (Observation observation : observations) {
      json.withArray(Kind.of(observation).member).add(observation.confidence());
    }
    return json.toString();
  }

  /** Returns the observations of a record; none where the confidence is another. */
  static List<Observation> observations(String record, String of) {
    JsonNode json = read(record);
    List<Observation> observations = new ArrayList<>();
    if (json.path("of").asText().equals(of)) {
      for (Kind kind : Kind.values()) {
        for (JsonNode confidence : json.path(kind.member)) {
          observations.add(kind.observation(confidence.asDouble(Double.NaN)));
        }
      }
    }
    return observations;
  }

  /** Returns a record of requests and the entries that answered them. */
  static String answered(List<SharedLearning.Turn> turns) {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
    ArrayNode all = json.putArray("turns");
    turns.forEach(turn -> all.addArray().add(turn.request().hex()).add(turn.entry().hex()));
    return json.toString();
  }

  /** Returns the turns of a record. */
  static List<SharedLearning.Turn> turns(String record) {
    List<SharedLearning.Turn> turns = new ArrayList<>();
    for (JsonNode turn : read(record).path("turns")) {
      turns.add(
          new SharedLearning.Turn(
              ExactKey.ofHex(turn.path(0).asText()), ExactKey.ofHex(turn.path(1).asText())));
    }
    return turns;
  }

  /** Returns a record of what promotes answers. */
  static String promoted(List<PromotionChange> changes) {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT);
    ArrayNode all = json.putArray("promotions");
    for (PromotionChange change : changes) {
      ArrayNode one = all.addArray();
      if (change instanceof PromotionChange.Asked asked) {
        one.add(ASKED).add(asked.entry().hex()).add(asked.contributor().name());
      } else if (change instanceof PromotionChange.Approved approved) {
        one.add(APPROVED).add(approved.entry().hex()).add(approved.answer().hex());
      } else {
        one.add(WITHDRAWN).add(change.entry().hex());
      }
    }
    return json.toString();
  }

  /** Returns what promotes answers by a record, in its order. */
  static List<PromotionChange> promotions(String record) {
    List<PromotionChange> changes = new ArrayList<>();
    for (JsonNode one : read(record).path("promotions")) {
      ExactKey entry = ExactKey.ofHex(one.path(1).asText());
      String what = one.path(2).asText();
      switch (one.path(0).asText()) {
        case ASKED -> changes.add(new PromotionChange.Asked(entry, Tag.of(what)));
        case APPROVED -> changes.add(new PromotionChange.Approved(entry, new ContentHash(what)));
        case WITHDRAWN -> changes.add(new PromotionChange.Withdrawn(entry));
        default ->
            throw new IllegalArgumentException(
                "a record of the shared log has an unknown kind of promotion");
      }
    }
    return changes;
  }

  private static JsonNode read(String record) {
    try {
      JsonNode json = JSON.readTree(record);
      if (json.path("format").asInt() != FORMAT) {
        throw new IllegalArgumentException("a record of the shared log has another format");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a record of the shared log is no JSON", e);
    }
  }
}
