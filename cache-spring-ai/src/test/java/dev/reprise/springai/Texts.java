package dev.reprise.springai;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.ai.chat.model.ChatResponse;

/** The texts of responses. */
final class Texts {
  private Texts() {}

  static String of(ChatResponse response) {
    return response.getResults().isEmpty()
        ? ""
        : String.valueOf(response.getResults().get(0).getOutput().getText());
  }

  static String of(List<ChatResponse> chunks) {
    return chunks.stream().map(Texts::of).collect(Collectors.joining());
  }
}
