package dev.reprise.engine;

import dev.reprise.key.Question;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Part;

/** Collects the texts of a request, which its answer may merely repeat. */
final class RequestTexts {
  /** How many characters are collected at most: {@value}. */
  static final int MOST = 20_000;

  private RequestTexts() {}

  /**
   * Returns the texts of {@code request} but for the question, line by line; cut at {@value #MOST}
   * characters.
   */
  static String besides(Question.Semantic question, CacheRequest request) {
    StringBuilder texts = new StringBuilder();
    for (Message message : request.messages()) {
      for (Part part : message.parts()) {
        String text = part instanceof Part.Text plain ? plain.text() : part.toString();
        if (!text.equals(question.text())) {
          add(texts, text);
        }
      }
    }
    request.tools().forEach(tool -> add(texts, tool.toString()));
    return texts.toString();
  }

  private static void add(StringBuilder texts, String text) {
    int room = MOST - texts.length();
    if (room > 0) {
      texts.append(text, 0, Math.min(room, text.length()));
    }
    if (texts.length() < MOST) {
      texts.append('\n');
    }
  }
}
