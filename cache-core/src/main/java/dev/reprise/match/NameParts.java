package dev.reprise.match;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares initials and capitals: "George W. Bush" and "George H. W. Bush". Part of names. */
final class NameParts {
  private static final Set<String> ARTICLES = Language.ENGLISH.words("own.articles");

  private NameParts() {}

  static Optional<String> objection(QuestionSide asked, QuestionSide cached) {
    Map<String, String> one = initials(asked.words());
    Map<String, String> other = initials(cached.words());
    for (Map.Entry<String, String> entry : one.entrySet()) {
      String here = entry.getValue();
      String there = other.get(entry.getKey());
      // A "B.Tech" and an "M.Tech" may both be spoken of.
      if (there != null
          && here.length() + there.length() > 2
          && !here.endsWith(there)
          && !there.endsWith(here)) {
        return Optional.of(
            String.format(
                "the initials before %s are %s in one question and %s in the other",
                entry.getKey(), here, there));
      }
    }
    return common(asked, cached).or(() -> common(cached, asked));
  }

  /** Returns the first letters of the names before a surname, where one is only a letter. */
  private static Map<String, String> initials(List<Word> words) {
    Map<String, String> initials = new HashMap<>();
    StringBuilder letters = new StringBuilder();
    boolean hasInitial = false;
    for (int i = 0; i < words.size(); i++) {
      Word word = words.get(i);
      boolean isLetter =
          word.text().length() == 1 && word.isCapitalized() && !word.text().equals("I");
      // The point behind an initial ends no sentence.
      boolean isBehindInitial = i > 0 && words.get(i - 1).text().length() == 1 && hasInitial;
      if (!word.isCapitalized() || (word.opensSentence() && !isLetter && !isBehindInitial)) {
        letters.setLength(0);
        hasInitial = false;
        continue;
      }
      if (hasInitial && !isLetter) {
        initials.putIfAbsent(word.lower(), letters.toString());
      }
      hasInitial |= isLetter;
      letters.append(word.lower().charAt(0));
    }
    return initials;
  }

  /** "How fast is a swift" and "how fast is Swift", where both begin with a capital. */
  private static Optional<String> common(QuestionSide common, QuestionSide proper) {
    List<Word> words = common.words();
    if (words.size() < 2
        || !words.get(0).isCapitalized()
        || proper.words().size() != words.size() - 1
        || !proper.words().get(0).isCapitalized()) {
      return Optional.empty();
    }
    for (int i = 1; i < words.size(); i++) {
      Word word = words.get(i);
      boolean isEnd = i + 1 == words.size() || !words.get(i + 1).isContent();
      if (isEnd
          && word.isContent()
          && !word.isCapitalized()
          && ARTICLES.contains(words.get(i - 1).lower())
          && isNameIn(word.lower(), proper.words())
          && isAllElseSame(words, proper.words(), i - 1)) {
        return Optional.of(
            String.format("the one speaks of a %s, the other of a name", word.lower()));
      }
    }
    return Optional.empty();
  }

  private static boolean isAllElseSame(List<Word> words, List<Word> others, int article) {
    for (int i = 0; i < others.size(); i++) {
      if (!others.get(i).lower().equals(words.get(i < article ? i : i + 1).lower())) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether it stands there alone, with a capital and without an article. */
  private static boolean isNameIn(String lower, List<Word> words) {
    for (int i = 1; i < words.size(); i++) {
      Word word = words.get(i);
      if (word.lower().equals(lower)) {
        Word before = words.get(i - 1);
        boolean isPartOfName = i + 1 < words.size() && words.get(i + 1).isCapitalized();
        return word.isCapitalized()
            && !word.text().equals(word.text().toUpperCase(Locale.ROOT))
            && !word.opensSentence()
            && !isPartOfName
            && (i == 1 || !before.isCapitalized())
            && !ARTICLES.contains(before.lower())
            && !before.lower().equals("the");
      }
    }
    return false;
  }
}
