package dev.reprise.langchain4j;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a model something that it can answer by yes or no. */
final class YesOrNo {
  /** What some models think aloud. */
  private static final Pattern THOUGHTS = Pattern.compile("(?s)<think>.*?</think>");

  private static final Pattern FIRST_WORD = Pattern.compile("^\\W*(yes|no)\\b");

  private final ChatModel model;
  private final String instruction;

  YesOrNo(ChatModel model, String instruction) {
    this.model = model;
    this.instruction = instruction;
  }

  /** Returns whether the model's first word is yes; empty if it is neither yes nor no. */
  Optional<Boolean> ask(String text) {
    String said =
        model.chat(SystemMessage.from(instruction), UserMessage.from(text)).aiMessage().text();
    if (said == null) {
      return Optional.empty();
    }
    Matcher word =
        FIRST_WORD.matcher(THOUGHTS.matcher(said).replaceAll("").toLowerCase(Locale.ROOT));
    return word.find() ? Optional.of(word.group(1).equals("yes")) : Optional.empty();
  }

  /** Returns {@code text} between marks that it cannot close itself. */
  static String quoted(String text) {
    return "<<<" + text.replace("<<<", "< < <").replace(">>>", "> > >") + ">>>";
  }
}
