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
    return canonicalForm(request, Purpose.EXACT).text();
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
    CanonicalJson json = CanonicalJson.ofHash().openObject();
    json.member(Names.ANSWER).value(answer);
    json.member(Names.CONTEXT).value(question.fingerprint().hex());
    json.member(Names.KIND).value("follow-up");
    json.member(Names.QUESTION).value(question.text());
    json.member(Names.SCHEMA).value(SCHEMA);
    return new Fingerprint(json.closeObject().hash());
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
    return write(CanonicalJson.ofHash(), request, purpose).hash();
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

  /** Returns what is hashed, as text. */
  static CanonicalJson canonicalForm(CacheRequest request, Purpose purpose) {
    return write(CanonicalJson.ofText(), request, purpose);
  }

  /** Writes what is hashed. Members are written in the order that RFC 8785 asks for. */
  private static CanonicalJson write(CanonicalJson json, CacheRequest request, Purpose purpose) {
    json.openObject();
    json.member(Names.ANSWER_FORMAT).value(request.answerFormat());
    json.member(Names.DOCUMENTS).openArray();
    for (Document document : request.documents()) {
      json.element().openObject();
      json.member(Names.ID).value(document.id());
      json.member(Names.VERSION).value(document.version());
      json.closeObject();
    }
    json.closeArray();
    json.member(Names.KIND).value(purpose.kind);
    json.member(Names.MESSAGES).openArray();
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
    json.member(Names.MODEL).value(request.model());
    json.member(Names.PARAMETERS).value(request.parameters().values());
    json.member(Names.PROVIDER).value(request.provider());
    json.member(Names.SCHEMA).value(SCHEMA);
    json.member(Names.SCOPE).value(request.scope().name());
    json.member(Names.TOOLS).openArray();
    for (Tool tool : request.tools()) {
      json.element().openObject();
      json.member(Names.DEFINITION).value(tool.definition().values());
      json.member(Names.NAME).value(tool.name());
      json.closeObject();
    }
    json.closeArray();
    json.member(Names.USE_CASE).value(request.useCase().name());
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
    json.openObject().member(Names.ATTRIBUTES).value(message.attributes().values());
    json.member(Names.PARTS).openArray();
    for (Part part : message.parts()) {
      part(json.element(), part, numbers, texts);
    }
    json.closeArray();
    json.member(Names.ROLE).value(message.role().name());
    json.closeObject();
  }

  private static void part(CanonicalJson json, Part part, CallNumbers numbers, Texts texts) {
    json.openObject();
    if (part instanceof Part.Text text) {
      json.member(Names.ATTRIBUTES).value(text.attributes().values());
      if (texts == Texts.WRITTEN) {
        json.member(Names.TEXT).value(text.text());
      } else {
        json.member(Names.TEXT).openObject().member(Names.TYPE).value("question").closeObject();
      }
      json.member(Names.TYPE).value("text");
    } else if (part instanceof Part.Media media) {
      json.member(Names.ATTRIBUTES).value(media.attributes().values());
      json.member(Names.KIND).value(media.kind());
      source(json.member(Names.SOURCE), media.source());
      json.member(Names.TYPE).value("media");
    } else if (part instanceof Part.ToolCall call) {
      json.member(Names.ARGUMENTS).value(call.arguments());
      json.member(Names.NAME).value(call.name());
      json.member(Names.NUMBER).value(numbers.of(call.id()));
      json.member(Names.TYPE).value("tool-call");
    } else if (part instanceof Part.ToolResult result) {
      json.member(Names.ATTRIBUTES).value(result.attributes().values());
      json.member(Names.CONTENT).openArray();
      for (Part content : result.content()) {
        part(json.element(), content, numbers, Texts.WRITTEN);
      }
      json.closeArray();
      json.member(Names.NAME).value(result.name());
      json.member(Names.NUMBER).value(numbers.of(result.callId()));
      json.member(Names.TYPE).value("tool-result");
    } else {
      Part.Opaque opaque = (Part.Opaque) part;
      json.member(Names.CONTENT).value(opaque.content().values());
      json.member(Names.NAME).value(opaque.type());
      json.member(Names.TYPE).value("opaque");
    }
    json.closeObject();
  }

  private static void source(CanonicalJson json, Part.MediaSource source) {
    json.openObject();
    if (source instanceof Part.Inline inline) {
      json.member(Names.MEDIA_TYPE).value(inline.mediaType());
      json.member(Names.SHA256).value(inline.hash().hex());
    } else {
      json.member(Names.URI).value(((Part.Remote) source).uri());
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

  /** The members' names, as they are written. */
  private static final class Names {
    static final byte[] ANSWER = CanonicalJson.name("answer");
    static final byte[] ANSWER_FORMAT = CanonicalJson.name("answerFormat");
    static final byte[] ARGUMENTS = CanonicalJson.name("arguments");
    static final byte[] ATTRIBUTES = CanonicalJson.name("attributes");
    static final byte[] CONTENT = CanonicalJson.name("content");
    static final byte[] CONTEXT = CanonicalJson.name("context");
    static final byte[] DEFINITION = CanonicalJson.name("definition");
    static final byte[] DOCUMENTS = CanonicalJson.name("documents");
    static final byte[] ID = CanonicalJson.name("id");
    static final byte[] KIND = CanonicalJson.name("kind");
    static final byte[] MEDIA_TYPE = CanonicalJson.name("mediaType");
    static final byte[] MESSAGES = CanonicalJson.name("messages");
    static final byte[] MODEL = CanonicalJson.name("model");
    static final byte[] NAME = CanonicalJson.name("name");
    static final byte[] NUMBER = CanonicalJson.name("number");
    static final byte[] PARAMETERS = CanonicalJson.name("parameters");
    static final byte[] PARTS = CanonicalJson.name("parts");
    static final byte[] PROVIDER = CanonicalJson.name("provider");
    static final byte[] QUESTION = CanonicalJson.name("question");
    static final byte[] ROLE = CanonicalJson.name("role");
    static final byte[] SCHEMA = CanonicalJson.name("schema");
    static final byte[] SCOPE = CanonicalJson.name("scope");
    static final byte[] SHA256 = CanonicalJson.name("sha256");
    static final byte[] SOURCE = CanonicalJson.name("source");
    static final byte[] TEXT = CanonicalJson.name("text");
    static final byte[] TOOLS = CanonicalJson.name("tools");
    static final byte[] TYPE = CanonicalJson.name("type");
    static final byte[] URI = CanonicalJson.name("uri");
    static final byte[] USE_CASE = CanonicalJson.name("useCase");
    static final byte[] VERSION = CanonicalJson.name("version");
  }
}
