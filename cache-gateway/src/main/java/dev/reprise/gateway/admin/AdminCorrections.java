package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.engine.Feedback;
import dev.reprise.engine.Removal;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.Json;
import dev.reprise.key.ExactKey;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import java.util.Locale;
import java.util.Set;

/** Removes and approves entries, and takes feedback on answers. */
final class AdminCorrections {
  /** The member of an answer that says that it is accepted, but not done yet. */
  static final String PENDING = "pending";

  private static final Set<String> ENTRIES = Set.of("tag", "document", "scope", "entry");

  private final CacheEngine engine;
  private final DecisionLog decisions;

  AdminCorrections(CacheEngine engine, DecisionLog decisions) {
    this.engine = engine;
    this.decisions = decisions;
  }

  /**
   * Takes what an administrator says of an answer. One that was wrong is removed. Where he names
   * the decision, only its own question is taken to have been answered wrongly; else all for which
   * the entry is remembered to have been served. "known" is whether that is recorded, here and for
   * the other instances; "removed" is whether the answer was there, and is not any more.
   */
  ObjectNode feedback(ObjectNode body) {
    ExactKey entry = entry(BodyTexts.required(body, "entry"));
    Feedback said = said(BodyTexts.required(body, "feedback"));
    boolean isWrong = said == Feedback.WRONG;
    if (!body.has("decision")) {
      return Json.object().put("known", engine.feedback(entry, said));
    }
    CacheRequest request = request(body.get("decision"));
    boolean isKnown = engine.feedback(request, entry, said);
    boolean wasRemoved = isWrong && engine.remove(entry);
    return Json.object().put("known", isKnown).put("removed", wasRemoved || (isWrong && isKnown));
  }

  /**
   * Approves an entry's answer: it serves all keys of its group by meaning, however many asked the
   * same.
   */
  ObjectNode approve(ObjectNode body) {
    return Json.object().put("known", engine.approve(entry(BodyTexts.required(body, "entry"))));
  }

  private static Feedback said(String feedback) {
    return switch (feedback.toUpperCase(Locale.ROOT)) {
      case "RIGHT" -> Feedback.RIGHT;
      case "WRONG" -> Feedback.WRONG;
      default -> throw ApiError.invalid("feedback must be \"right\" or \"wrong\"");
    };
  }

  private CacheRequest request(JsonNode decision) {
    CacheRequest request =
        decision.isIntegralNumber()
            ? decisions.get(decision.asLong()).map(Decision::request).orElse(null)
            : null;
    if (request == null) {
      throw ApiError.invalid(
          "decision must be the number of one that is remembered with its request; leave it out to"
              + " name the entry alone");
    }
    return request;
  }

  /**
   * Removes entries, and says how many. Where a tier did not answer, the answer says that the
   * removal is pending, and whether a restart of the gateway forgets it.
   */
  ObjectNode invalidate(ObjectNode body) {
    if (body.size() != 1 || !ENTRIES.contains(body.fieldNames().next())) {
      throw ApiError.invalid("name one of tag, document, scope or entry");
    }
    String what = body.fieldNames().next();
    String name = BodyTexts.required(body, what);
    try {
      Removal removal =
          switch (what) {
            case "tag" -> engine.removeAll(Tag.of(name));
            case "document" -> engine.removeAll(Tag.document(name));
            case "scope" -> engine.removeAll(Tag.scope(Scope.of(name)));
            default -> engine.removeEntry(entry(name));
          };
      ObjectNode said = Json.object().put("removed", removal.count());
      return removal instanceof Removal.Pending pending
          ? said.put(PENDING, true).put("durable", pending.isDurable())
          : said;
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid(what + ": " + e.getMessage());
    }
  }

  private static ExactKey entry(String hex) {
    try {
      return ExactKey.ofHex(hex);
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("entry must be the 64 digits that X-Reprise-Entry shows");
    }
  }
}
