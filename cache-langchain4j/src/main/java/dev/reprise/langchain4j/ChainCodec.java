package dev.reprise.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reprise.model.CacheException;
import java.util.Objects;

/**
 * Writes a chain's answers down, and reads them again. Safe for use by several threads.
 *
 * @param <T> what the chain answers with
 */
public interface ChainCodec<T> {
  /**
   * Returns the name and version of the format; it is part of the key, so that no other format's
   * answers are read.
   */
  String format();

  /**
   * Returns what is stored of {@code answer}.
   *
   * @throws RuntimeException if it has no such form; it is not stored then
   */
  String encode(T answer);

  /**
   * Reads what was stored.
   *
   * @throws RuntimeException if it cannot be read; that is a miss
   */
  T decode(String payload);

  /** Returns the codec of texts. */
  static ChainCodec<String> text() {
    return new ChainCodec<>() {
      @Override
      public String format() {
        return "text/1";
      }

      @Override
      public String encode(String answer) {
        return answer;
      }

      @Override
      public String decode(String payload) {
        return payload;
      }
    };
  }

  /**
   * Returns a codec of objects as JSON, by Jackson's defaults.
   *
   * @param type a class whose objects Jackson can write and read, like a record
   * @param version change it with the class's fields
   */
  static <T> ChainCodec<T> json(Class<T> type, int version) {
    Objects.requireNonNull(type, "type");
    ObjectMapper json = new ObjectMapper();
    return new ChainCodec<>() {
      @Override
      public String format() {
        return "json/" + type.getName() + "/" + version;
      }

      @Override
      public String encode(T answer) {
        try {
          return json.writeValueAsString(answer);
        } catch (JsonProcessingException e) {
          throw new CacheException("a " + type.getName() + " cannot be written as JSON", e);
        }
      }

      @Override
      public T decode(String payload) {
        try {
          return json.readValue(payload, type);
        } catch (JsonProcessingException e) {
          // Its message quotes the payload, which is a user's.
          throw new CacheException("a payload cannot be read as " + type.getName());
        }
      }
    };
  }
}
