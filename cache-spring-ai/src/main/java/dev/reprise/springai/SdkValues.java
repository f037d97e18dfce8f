package dev.reprise.springai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * Citations, for example, are objects of the SDK in a message's metadata. The SDK's mapper reads and writes them by their declared
 * fields; a payload that is forged can make no other classes of it.
 */
/** Writes the value classes of two SDKs down by the SDK's own mapper, and reads them again. */
final class SdkValues {
  private static final Map<String, String> MAPPERS =
      Map.of(
          "com.openai.models.", "com.openai.core.ObjectMappers",
          "com.anthropic.models.", "com.anthropic.core.ObjectMappers");

  private SdkValues() {}

  /** Returns whether a class of that name is one of an SDK. */
  static boolean has(String name) {
    return mapperOf(name) != null;
  }

  /**
   * Returns the JSON of {@code value}.
   *
   * @throws ValueCodec.UnwritableException if reading it does not give an equal value
   */
  static String write(Object value) {
    Class<?> type = value.getClass();
    try {
      String json = mapper(type).writeValueAsString(value);
      if (value.equals(mapper(type).readValue(json, type))) {
        return json;
      }
    } catch (ReflectiveOperationException
        | JsonProcessingException
        | RuntimeException
        | LinkageError e) {
      // Its message may quote the value, which is a user's.
    }
    throw new ValueCodec.UnwritableException(
        "its metadata have a value of class " + type.getName());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws dev.reprise.model.CacheException if it cannot be read
   */
  static Object read(Class<?> type, String json) {
    try {
      Object value = mapper(type).readValue(json, type);
      if (value != null) {
        return value;
      }
    } catch (ReflectiveOperationException
        | JsonProcessingException
        | RuntimeException
        | LinkageError e) {
      // Its message may quote the value, which is a user's.
    }
    throw ValueCodec.unreadable("a value that cannot be made: " + type.getName());
  }

  private static ObjectMapper mapper(Class<?> type) throws ReflectiveOperationException {
    Method mapper =
        Class.forName(String.valueOf(mapperOf(type.getName())), true, type.getClassLoader())
            .getMethod("jsonMapper");
    return (ObjectMapper) mapper.invoke(null);
  }

  private static @Nullable String mapperOf(String name) {
    return MAPPERS.entrySet().stream()
        .filter(sdk -> name.startsWith(sdk.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
