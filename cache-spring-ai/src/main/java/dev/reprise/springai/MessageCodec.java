package dev.reprise.springai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AbstractMessage;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.content.Media;
import org.springframework.util.MimeType;

/** Writes a model's message down, and reads it again in the same class. */
final class MessageCodec {
  private MessageCodec() {}

  // --- writing ----------------------------------------------------------------------------------

  /**
   * @throws ValueCodec.UnwritableException if something of it has no faithful form
   */
  static ObjectNode write(AssistantMessage message) {
    ObjectNode tree = ValueCodec.json().createObjectNode();
    tree.put("text", message.getText());
    ArrayNode calls = tree.putArray("toolCalls");
    for (AssistantMessage.ToolCall call : message.getToolCalls()) {
      calls
          .addObject()
          .put("id", call.id())
          .put("type", call.type())
          .put("name", call.name())
          .put("arguments", call.arguments());
    }
    ArrayNode media = tree.putArray("media");
    message.getMedia().forEach(medium -> media.add(medium(medium)));
    Map<String, @Nullable Object> properties = new TreeMap<>(message.getMetadata());
    properties.remove(AbstractMessage.MESSAGE_TYPE);
    tree.set("properties", ValueCodec.write(properties));
    if (message.getClass() != AssistantMessage.class) {
      putSubclass(tree, message);
    }
    return tree;
  }

  private static ObjectNode medium(Media medium) {
    ObjectNode tree = ValueCodec.json().createObjectNode();
    Object data = medium.getData();
    if (medium.getClass() != Media.class) {
      throw new ValueCodec.UnwritableException(
          "it has a medium of class " + medium.getClass().getName());
    }
    tree.put("type", medium.getMimeType().toString());
    tree.put("id", medium.getId());
    tree.put("name", medium.getName());
    if (data instanceof URL || data instanceof URI) {
      tree.put("url", data.toString());
    } else {
      tree.set("data", ValueCodec.write(data));
    }
    return tree;
  }

  /** Adds what a provider's own class of messages has beyond Spring AI's. */
  private static void putSubclass(ObjectNode tree, AssistantMessage message) {
    Class<?> type = message.getClass();
    if (!type.getName().startsWith("org.springframework.ai.")) {
      throw new ValueCodec.UnwritableException("it is of class " + type.getName());
    }
    tree.put("class", type.getName());
    ObjectNode fields = tree.putObject("fields");
    for (Field field : Fields.of(type)) {
      if (field.getDeclaringClass() != AssistantMessage.class
          && field.getDeclaringClass() != AbstractMessage.class) {
        fields.set(field.getName(), ValueCodec.write(Fields.read(field, message)));
      }
    }
  }

  // --- reading ----------------------------------------------------------------------------------

  /**
   * @throws dev.reprise.model.CacheException if it cannot be read
   */
  static AssistantMessage read(JsonNode tree) {
    String text = text(tree, "text");
    List<AssistantMessage.ToolCall> calls = new ArrayList<>();
    for (JsonNode call : tree.path("toolCalls")) {
      calls.add(toolCall(call));
    }
    List<Media> media = new ArrayList<>();
    tree.path("media").forEach(medium -> media.add(readMedium(medium)));
    Map<String, Object> properties =
        new LinkedHashMap<>(ValueCodec.readMap(tree.path("properties")));
    if (tree.has("class")) {
      return readSubclass(tree, text, properties, calls, media);
    }
    return AssistantMessage.builder()
        .content(text)
        .properties(properties)
        .toolCalls(calls)
        .media(media)
        .build();
  }

  @SuppressWarnings("NullAway") // A model may leave a field of a call out; it is read as it was.
  private static AssistantMessage.ToolCall toolCall(JsonNode call) {
    return new AssistantMessage.ToolCall(
        text(call, "id"), text(call, "type"), text(call, "name"), text(call, "arguments"));
  }

  private static Media readMedium(JsonNode tree) {
    Media.Builder medium = Media.builder().mimeType(MimeType.valueOf(tree.path("type").asText()));
    String id = text(tree, "id");
    if (id != null) {
      medium.id(id);
    }
    String name = text(tree, "name");
    if (name != null) {
      medium.name(name);
    }
    String url = text(tree, "url");
    if (url != null) {
      return medium.data(URI.create(url)).build();
    }
    Object data = ValueCodec.read(tree.path("data"));
    if (data instanceof byte[] || data instanceof String) {
      SpringAi.data(medium, data);
      return medium.build();
    }
    throw ValueCodec.unreadable("a medium without data");
  }

  private static AssistantMessage readSubclass(
      JsonNode tree,
      @Nullable String text,
      Map<String, Object> properties,
      List<AssistantMessage.ToolCall> calls,
      List<Media> media) {
    Class<?> type = ValueCodec.type(tree.path("class").asText());
    if (!AssistantMessage.class.isAssignableFrom(type)) {
      throw ValueCodec.unreadable("a class that is no message");
    }
    try {
      Method start = type.getDeclaredMethod("builder");
      start.setAccessible(true);
      Object builder = start.invoke(null);
      set(builder, "content", text);
      set(builder, "properties", properties);
      set(builder, "toolCalls", calls);
      set(builder, "media", media);
      for (Map.Entry<String, JsonNode> field : tree.path("fields").properties()) {
        set(builder, field.getKey(), ValueCodec.read(field.getValue()));
      }
      Method build = setter(builder.getClass(), "build", 0);
      return (AssistantMessage) build.invoke(builder);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      throw ValueCodec.unreadable("a message that cannot be made: " + type.getName());
    }
  }

  private static void set(Object builder, String name, @Nullable Object value)
      throws ReflectiveOperationException {
    setter(builder.getClass(), name, 1).invoke(builder, value);
  }

  private static Method setter(Class<?> type, String name, int parameters)
      throws NoSuchMethodException {
    for (@Nullable Class<?> at = type; at != null; at = at.getSuperclass()) {
      for (Method method : at.getDeclaredMethods()) {
        if (method.getName().equals(name)
            && method.getParameterCount() == parameters
            && !method.isBridge()) {
          method.setAccessible(true);
          return method;
        }
      }
    }
    throw new NoSuchMethodException(name);
  }

  private static @Nullable String text(JsonNode tree, String name) {
    JsonNode node = tree.get(name);
    return node == null || node.isNull() ? null : node.asText();
  }
}
