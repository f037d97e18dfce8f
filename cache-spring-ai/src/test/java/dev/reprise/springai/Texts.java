package dev.reprise.springai;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.ai.chat.model.ChatResponse;

/** The texts of responses. */
final class Texts {
  private Texts() {}

  static String of(ChatResponse response) {
    if (response.getResults().isEmpty()) {
      return "";
    }
    String text = response.getResults().get(0).getOutput().getText();
    return text == null ? "" : text;
  }

  static String of(List<ChatResponse> chunks) {
    return chunks.stream().map(Texts::of).collect(Collectors.joining());
  }
}
