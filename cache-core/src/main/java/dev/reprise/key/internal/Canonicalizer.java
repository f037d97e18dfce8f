package dev.reprise.key.internal;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.Document;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.model.Tool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/*
 * Which component of a request is where, and why some are not, stands in docs/KEY.md; KeyCompletenessTest holds it.
 * A change to the form below changes every key: raise SCHEMA with it, so that entries of the two forms never meet.
 */
/**
 * Derives the keys of a request. Pure: equal requests have equal keys, on every machine and in
 * every process.
 */
public final class Canonicalizer {
  /** The version of the canonical form; it is part of every key. */
  public static final String SCHEMA = "reprise/2";

  private Canonicalizer() {}

  /**
   * Returns the exact key: SHA-256 (FIPS 180-4) over the canonical JSON (RFC 8785) of everything
   * that shapes the answer.
   *
   * @throws UncanonicalException if the request has no canonical form; it must bypass the cache
   */
  public static ExactKey exactKey(CacheRequest request) {
    return new ExactKey(hash(request, Purpose.EXACT));
  }

  /**
   * Returns what {@link #exactKey} is the hash of, for people who ask why two requests have not the
   * same one: all that the user said is in it.
   *
   * @return JSON
   * @throws UncanonicalException if the request has no canonical form
   */
  public static String canonicalText(CacheRequest request) {
    return new String(canonicalForm(request, Purpose.EXACT).bytes(), StandardCharsets.UTF_8);
  }

  /**
   * Returns what of the request can be compared by meaning. That is so if its last message is a
   * user's and has a text that is not blank.
   *
   * @throws UncanonicalException if the request has no canonical form; it must bypass the cache
   */
  public static Question question(CacheRequest request) {
    Message last = request.messages().get(request.messages().size() - 1);
    if (last.role() != Role.USER) {
      return new Question.ExactOnly(
          "the last message is not a user's but of role "
              + last.role().name().toLowerCase(Locale.ROOT));
    }
    String text = questionText(request);
    if (text.isBlank()) {
      return new Question.ExactOnly("the last message has no text");
    }
    return new Question.Semantic(
        new Fingerprint(hash(request, Purpose.FINGERPRINT)), CanonicalJson.wellFormed(text));
  }

  /**
   * Returns the fingerprint of what is asked next in a conversation, where the turn before was
   * answered by the answer to {@code question}: whatever words that turn was asked in.
   *
   * @param question that the turn before is taken for, in its own context
   * @param answer the text that was given
   */
  public static Fingerprint followUp(Question.Semantic question, String answer) {
    CanonicalJson json = new CanonicalJson().openObject();
    json.member("answer").value(answer);
    json.member("context").value(question.fingerprint().hex());
    json.member("kind").value("follow-up");
    json.member("question").value(question.text());
    json.member("schema").value(SCHEMA);
    return new Fingerprint(ContentHash.of(json.closeObject().bytes()));
  }

  /**
   * Returns the texts of the last message, joined by line feeds: what is asked, where the message
   * is a user's.
   */
  public static String questionText(CacheRequest request) {
    Message last = request.messages().get(request.messages().size() - 1);
    List<String> texts = new ArrayList<>();
    for (Part part : last.parts()) {
      if (part instanceof Part.Text text) {
        texts.add(text.text());
      }
    }
    return String.join("\n", texts);
  }

  private static ContentHash hash(CacheRequest request, Purpose purpose) {
    return ContentHash.of(canonicalForm(request, purpose).bytes());
  }

  /** What a canonical form is for. */
  enum Purpose {
    EXACT("exact"),
    FINGERPRINT("fingerprint");

    private final String kind;

    Purpose(String kind) {
      this.kind = kind;
    }
  }

  /** Returns what is hashed. Members are written in the order that RFC 8785 asks for. */
  static CanonicalJson canonicalForm(CacheRequest request, Purpose purpose) {
    CanonicalJson json = new CanonicalJson().openObject();
    json.member("answerFormat").value(request.answerFormat());
    json.member("documents").openArray();
    for (Document document : request.documents()) {
      json.element().openObject();
      json.member("id").value(document.id());
      json.member("version").value(document.version());
      json.closeObject();
    }
    json.closeArray();
    json.member("kind").value(purpose.kind);
    json.member("messages").openArray();
    CallNumbers numbers = new CallNumbers();
    for (int i = 0; i < request.messages().size(); i++) {
      boolean isLast = i == request.messages().size() - 1;
      message(
          json.element(),
          request.messages().get(i),
          numbers,
          isLast && purpose == Purpose.FINGERPRINT ? Texts.LEFT_OUT : Texts.WRITTEN);
    }
    json.closeArray();
    json.member("model").value(request.model());
    json.member("parameters").value(request.parameters().values());
    json.member("provider").value(request.provider());
    json.member("schema").value(SCHEMA);
    json.member("scope").value(request.scope().name());
    json.member("tools").openArray();
    for (Tool tool : request.tools()) {
      json.element().openObject();
      json.member("definition").value(tool.definition().values());
      json.member("name").value(tool.name());
      json.closeObject();
    }
    json.closeArray();
    json.member("useCase").value(request.useCase().name());
    return json.closeObject();
  }

  /** What becomes of the texts of a message. */
  private enum Texts {
    WRITTEN,
    /** An object stands in the place of each, which no text is written as. */
    LEFT_OUT
  }

  private static void message(
      CanonicalJson json, Message message, CallNumbers numbers, Texts texts) {
    json.openObject().member("attributes").value(message.attributes().values());
    json.member("parts").openArray();
    for (Part part : message.parts()) {
      part(json.element(), part, numbers, texts);
    }
    json.closeArray();
    json.member("role").value(message.role().name());
    json.closeObject();
  }

  private static void part(CanonicalJson json, Part part, CallNumbers numbers, Texts texts) {
    json.openObject();
    if (part instanceof Part.Text text) {
      json.member("attributes").value(text.attributes().values());
      if (texts == Texts.WRITTEN) {
        json.member("text").value(text.text());
      } else {
        json.member("text").openObject().member("type").value("question").closeObject();
      }
      json.member("type").value("text");
    } else if (part instanceof Part.Media media) {
      json.member("attributes").value(media.attributes().values());
      json.member("kind").value(media.kind());
      source(json.member("source"), media.source());
      json.member("type").value("media");
    } else if (part instanceof Part.ToolCall call) {
      json.member("arguments").value(call.arguments());
      json.member("name").value(call.name());
      json.member("number").value(numbers.of(call.id()));
      json.member("type").value("tool-call");
    } else if (part instanceof Part.ToolResult result) {
      json.member("attributes").value(result.attributes().values());
      json.member("content").openArray();
      for (Part content : result.content()) {
        part(json.element(), content, numbers, Texts.WRITTEN);
      }
      json.closeArray();
      json.member("name").value(result.name());
      json.member("number").value(numbers.of(result.callId()));
      json.member("type").value("tool-result");
    } else {
      Part.Opaque opaque = (Part.Opaque) part;
      json.member("content").value(opaque.content().values());
      json.member("name").value(opaque.type());
      json.member("type").value("opaque");
    }
    json.closeObject();
  }

  private static void source(CanonicalJson json, Part.MediaSource source) {
    json.openObject();
    if (source instanceof Part.Inline inline) {
      json.member("mediaType").value(inline.mediaType());
      json.member("sha256").value(inline.hash().hex());
    } else {
      json.member("uri").value(((Part.Remote) source).uri());
    }
    json.closeObject();
  }

  /** Gives each identifier of a tool call the number of its first appearance. */
  private static final class CallNumbers {
    private final Map<String, Long> numbers = new HashMap<>();

    long of(String id) {
      return numbers.computeIfAbsent(id, unused -> (long) numbers.size());
    }
  }
}
