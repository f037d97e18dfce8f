package dev.reprise.gateway.http;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Tool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the characters of a request, without writing it down. */
public final class RequestSize {
  /** What a value counts that is no text. */
  private static final int OTHER = 16;

  private int left;

  private RequestSize(int most) {
    this.left = most;
  }

  /** Returns whether there are at most {@code most} characters in {@code request}. */
  public static boolean isAtMost(CacheRequest request, int most) {
    RequestSize size = new RequestSize(most);
    for (Message message : request.messages()) {
      size.add(message.attributes().values());
      size.parts(message.parts());
      if (size.left < 0) {
        return false;
      }
    }
    for (Tool tool : request.tools()) {
      size.add(tool.name());
      size.add(tool.definition().values());
    }
    request.documents().forEach(document -> size.add(document.id() + document.version()));
    size.add(request.parameters().values());
    return size.left >= 0;
  }

  private void parts(List<Part> parts) {
    for (Part part : parts) {
      if (part instanceof Part.Text text) {
        add(text.text());
        add(text.attributes().values());
      } else if (part instanceof Part.Media media) {
        add(media.attributes().values());
        add(media.source() instanceof Part.Remote remote ? remote.uri() : media.kind());
      } else if (part instanceof Part.ToolCall call) {
        add(call.arguments());
      } else if (part instanceof Part.ToolResult result) {
        add(result.attributes().values());
        parts(result.content());
      } else if (part instanceof Part.Opaque opaque) {
        add(opaque.content().values());
      }
    }
  }

  private void add(@Nullable Object value) {
    if (left < 0) {
      return;
    }
    left -= value instanceof String text ? text.length() : OTHER;
    if (value instanceof Map<?, ?> object) {
      object.forEach(
          (name, member) -> {
            add(name);
            add(member);
          });
    } else if (value instanceof List<?> list) {
      list.forEach(this::add);
    }
  }
}
