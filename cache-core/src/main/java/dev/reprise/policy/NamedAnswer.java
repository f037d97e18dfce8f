package dev.reprise.policy;

import dev.reprise.model.CacheRequest;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Recognises an answer that seems to say nothing and is what the request asks for: {@code []} where
 * it asks for JSON, "none" where it says "answer none if there is no match".
 */
final class NamedAnswer {
  private static final Pattern JSON = Pattern.compile("\\b(?:json|array)\\b");
  private static final Pattern BRACKETS = Pattern.compile("[\\[\\]{}\\s]+");
  private static final Pattern AROUND = Pattern.compile("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$");

  /** A conversation that is longer is looked at from its end. */
  private static final int LONGEST = 20_000;

  private NamedAnswer() {}

  /** Returns whether a message of {@code request} names {@code answer}, which is folded. */
  static boolean isNamed(CacheRequest request, String answer) {
    String asked = asked(request);
    String bare = answer.strip();
    if (BRACKETS.matcher(bare).matches()) {
      return asked.contains(bare) || JSON.matcher(asked).find();
    }
    String word = AROUND.matcher(bare).replaceAll("");
    return !word.isEmpty()
        && (Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])")
                .matcher(asked)
                .find()
            || (word.equals("null") && JSON.matcher(asked).find()));
  }

  private static String asked(CacheRequest request) {
    StringBuilder asked = new StringBuilder();
    for (int i = request.messages().size() - 1; i >= 0 && asked.length() < LONGEST; i--) {
      Message message = request.messages().get(i);
      for (Part part : message.parts()) {
        if (part instanceof Part.Text text) {
          asked.append(text.text(), 0, Math.min(text.text().length(), LONGEST)).append('\n');
        }
      }
    }
    return asked.toString().toLowerCase(Locale.ROOT);
  }
}
