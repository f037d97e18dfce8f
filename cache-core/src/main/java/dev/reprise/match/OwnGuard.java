package dev.reprise.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells a thing in general from the asker's own: "what is a booking reference", "what is my booking
 * reference". Part of {@link Guard#asking}.
 */
final class OwnGuard {
  private static final double ALIKE = 0.9;

  private static final Set<String> GENERAL = Language.ENGLISH.words("own.general");
  private static final Set<String> GENERAL_STEMS =
      GENERAL.stream().map(QuestionSide::stem).collect(Collectors.toUnmodifiableSet());

  private static final Set<String> BEFORE_GENERAL = Language.ENGLISH.words("own.before-general");

  private static final Set<String> OWN = Language.ENGLISH.words("own.own");
  private static final Set<String> ASKING = Language.ENGLISH.words("own.asking");
  private static final Set<String> ARTICLES = Language.ENGLISH.words("own.articles");
  private static final Set<String> TENSED = Language.ENGLISH.words("own.tensed");

  private OwnGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    return isOther(pair, pair.askedSide(), pair.cachedSide())
            || isOther(pair, pair.cachedSide(), pair.askedSide())
        ? Optional.of("one question is about the asker's own where the other is about any")
        : Optional.empty();
  }

  private static boolean isOther(QuestionPair pair, QuestionSide general, QuestionSide own) {
    if (OWN.stream().noneMatch(own::has) || OWN.stream().anyMatch(general::has)) {
      return false;
    }
    boolean isUsual =
        isGeneral(general.words())
            && GENERAL.stream().noneMatch(own::has)
            && pair.overlap(GENERAL_STEMS) >= ALIKE;
    return isUsual || isDefinition(general.words(), own.words());
  }

  /** "The average", "a typical". */
  private static boolean isGeneral(List<Word> words) {
    for (int i = 1; i < words.size(); i++) {
      if (GENERAL.contains(words.get(i).lower())
          && BEFORE_GENERAL.contains(words.get(i - 1).lower())) {
        return true;
      }
    }
    return false;
  }

  /** The same words but for one article, behind "what is" or another tense. */
  private static boolean isDefinition(List<Word> general, List<Word> own) {
    if (general.size() != own.size()
        || general.size() < 4
        || !ASKING.contains(general.get(0).lower())) {
      return false;
    }
    List<String> exchanged = new ArrayList<>();
    boolean isTensed = false;
    for (int i = 0; i < general.size(); i++) {
      String one = general.get(i).lower();
      String other = own.get(i).lower();
      if (one.equals(other)) {
        continue;
      }
      if (i == 1 && TENSED.contains(one) && TENSED.contains(other)) {
        isTensed = true;
      } else if (ARTICLES.contains(one) && OWN.contains(other)) {
        exchanged.add(one);
      } else {
        return false;
      }
    }
    String asking = general.get(0).lower();
    boolean isWhat = asking.equals("what") && general.get(1).lower().equals("is");
    boolean isDirect = ARTICLES.contains(general.get(2).lower());
    return exchanged.size() == 1 && (isTensed || (isWhat && isDirect));
  }
}
