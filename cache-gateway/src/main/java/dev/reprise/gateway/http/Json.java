package dev.reprise.gateway.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.JsonTokenId;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.model.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON, and loses nothing: numbers keep their digits. */
public final class Json {
  private static final String TOO_LARGE_A_NUMBER = "a number is too large to be read exactly";

  private static final JsonMapper LENIENT =
      JsonMapper.builder(
              JsonFactory.builder()
                  // Bodies are bounded before they are read; pictures are long strings.
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final JsonMapper STRICT =
      LENIENT
          .rebuild()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature())
          .build();

  /** Reads what {@link #LENIENT} cannot because of its numbers: they are their own text. */
  private static final JsonMapper NUMBERS_AS_TEXT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** Returns a new object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /**
   * Returns what {@code text} says; of two members with one name the last. A number that is too
   * large to be written down is infinite.
   *
   * @throws IOException if it is not JSON
   */
  public static JsonNode read(byte[] text) throws IOException {
    try {
      return LENIENT.readTree(text);
    } catch (NumberFormatException | ArithmeticException e) {
      throw unreadable(e);
    }
  }

  /**
   * Returns what {@code text} says, with each number as the text that stands there. For bodies
   * whose numbers cannot be read exactly, such as {@code 1e99999999999}: nothing of them may reach
   * a key, or be written to the upstream.
   *
   * @throws IOException if it is not JSON
   */
  public static JsonNode readWithoutNumbers(byte[] text) throws IOException {
    try (JsonParser parser = new NumbersAsText(NUMBERS_AS_TEXT.createParser(text))) {
      return NUMBERS_AS_TEXT.readTree(parser);
    }
  }

  /** A number whose exponent, or length, is beyond what Java's exact numbers hold. */
  private static JsonProcessingException unreadable(RuntimeException cause) {
    return new JsonParseException(null, TOO_LARGE_A_NUMBER, cause);
  }

  /** Says that every number is a text. */
  private static final class NumbersAsText extends JsonParserDelegate {
    NumbersAsText(JsonParser parser) {
      super(parser);
    }

    private static @Nullable JsonToken asText(@Nullable JsonToken token) {
      return token != null && token.isNumeric() ? JsonToken.VALUE_STRING : token;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
      return asText(super.nextToken());
    }

    @Override
    public @Nullable JsonToken nextValue() throws IOException {
      return asText(super.nextValue());
    }

    @Override
    public @Nullable JsonToken currentToken() {
      return asText(super.currentToken());
    }

    @Override
    public int currentTokenId() {
      JsonToken token = currentToken();
      return token == null ? JsonTokenId.ID_NO_TOKEN : token.id();
    }

    @Override
    public boolean hasToken(JsonToken token) {
      return token == currentToken();
    }

    @Override
    public boolean hasTokenId(int id) {
      return id == currentTokenId();
    }

    @Override
    public @Nullable String nextFieldName() throws IOException {
      return nextToken() == JsonToken.FIELD_NAME ? currentName() : null;
    }

    @Override
    public @Nullable String nextTextValue() throws IOException {
      return nextToken() == JsonToken.VALUE_STRING ? getText() : null;
    }
  }

  /**
   * Returns what {@code text} says; of two members with one name the last. A number that is too
   * large to be written down is infinite.
   *
   * @throws JsonProcessingException if it is not JSON
   */
  public static JsonNode read(String text) throws JsonProcessingException {
    try {
      return LENIENT.readTree(text);
    } catch (NumberFormatException | ArithmeticException e) {
      throw unreadable(e);
    }
  }

  /** Returns the object that {@code text} is; empty where it is none. */
  public static Optional<ObjectNode> readObject(String text) {
    try {
      return read(text) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns why {@code text}, which is JSON, cannot be in a key: two members with one name, or a
   * number that cannot be read exactly. Empty where it can. Builds no tree.
   */
  public static Optional<String> oddity(byte[] text) {
    try (JsonParser parser = STRICT.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isNumeric()) {
          exact(parser);
        }
      }
      return Optional.empty();
    } catch (StreamConstraintsException | NumberFormatException | ArithmeticException e) {
      return Optional.of(TOO_LARGE_A_NUMBER);
    } catch (IOException e) {
      boolean isTwice = String.valueOf(e.getMessage()).startsWith("Duplicate");
      return Optional.of(
          isTwice ? "an object of the body has two members with one name" : TOO_LARGE_A_NUMBER);
    }
  }

  /** Reads the number at which {@code parser} stands; fails as a tree of it would. */
  private static void exact(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      Objects.requireNonNull(parser.getDecimalValue(), "a decimal number");
    }
  }

  /** Returns {@code node} as UTF-8. */
  public static byte[] bytes(JsonNode node) {
    try {
      return LENIENT.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can be written", e);
    }
  }

  /** Returns {@code node} as text. */
  public static String text(JsonNode node) {
    try {
      return LENIENT.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can be written", e);
    }
  }

  /**
   * Returns {@code node} as text without any character that some client takes for the end of a
   * line.
   */
  public static String line(JsonNode node) {
    return text(node)
        .replace("\u0085", "\\u0085")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }

  /**
   * Returns {@code object} without the members {@code less}, for a key.
   *
   * @throws IllegalArgumentException if it is nested too deep for a key
   */
  public static JsonObject values(JsonNode object, Set<String> less) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!less.contains(member.getKey())) {
        values.put(member.getKey(), value(member.getValue(), 1));
      }
    }
    return new JsonObject(values);
  }

  private static @Nullable Object value(JsonNode node, int depth) {
    if (depth > JsonObject.MAXIMUM_DEPTH) {
      throw new IllegalArgumentException(
          "it is nested deeper than " + JsonObject.MAXIMUM_DEPTH + " levels");
    }
    if (node.isObject()) {
      Map<String, @Nullable Object> values = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        values.put(member.getKey(), value(member.getValue(), depth + 1));
      }
      return values;
    }
    if (node.isArray()) {
      List<@Nullable Object> values = new ArrayList<>();
      for (JsonNode element : node) {
        values.add(value(element, depth + 1));
      }
      return values;
    }
    if (node.isNumber()) {
      return node.isIntegralNumber() ? node.bigIntegerValue() : node.decimalValue();
    }
    return node.isTextual() ? node.textValue() : node.isBoolean() ? node.booleanValue() : null;
  }
}
