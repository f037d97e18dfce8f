package dev.reprise.curated;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.model.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/*
 * A follow-up needs its history, a tool call its tools, JSON its schema: a reviewed text answers none of them. A parameter that is not
 * known here may shape the answer in a way that a reviewer did not think of, so that such a request is not answered either.
 */
/**
 * A request that a text can answer: one question without a history, tools, media or a format.
 *
 * @param text the question
 * @param system the system prompt, several joined by line feeds; empty without one
 * @param model the model's name; empty if unknown
 */
public record PlainQuestion(String text, String system, String model) {
  public PlainQuestion {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(model, "model");
  }

  /** Returns what {@code request} asks; empty if a text cannot answer it. */
  public static Optional<PlainQuestion> of(CacheRequest request) {
    List<Message> messages = request.messages();
    int last = messages.size() - 1;
    List<Tool> tools = request.tools();
    if (messages.get(last).role() != Role.USER
        || !tools.isEmpty()
        || !PlainParameters.areIn(request.parameters())) {
      return Optional.empty();
    }
    List<String> system = new ArrayList<>();
    for (Message message : messages.subList(0, last)) {
      if (message.role() != Role.SYSTEM && message.role() != Role.DEVELOPER) {
        return Optional.empty();
      }
      Optional<String> text = text(message);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      system.add(text.get());
    }
    return text(messages.get(last))
        .filter(text -> !text.isBlank())
        .map(text -> new PlainQuestion(text, String.join("\n", system), request.model()));
  }

  /** Returns the texts of a message; empty if it has anything else. */
  private static Optional<String> text(Message message) {
    List<String> texts = new ArrayList<>();
    for (Part part : message.parts()) {
      if (!(part instanceof Part.Text text)) {
        return Optional.empty();
      }
      texts.add(text.text());
    }
    return Optional.of(String.join("\n", texts));
  }
}
