package dev.reprise.match;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** See {@link Guard#names}. */
final class NameGuard {
  /** How alike the rest must be for a name to be an objection. */
  private static final double ALIKE = 0.75;

  /** Where more than this share of a text's words have capitals, they say nothing. */
  private static final double TITLE = 0.6;

  private static final Set<String> NO_NAMES = Language.ENGLISH.words("name.no-names");

  private static final Map<String, String> ALIASES = Language.ENGLISH.aliases("name.aliases");

  /** Words that a capital, or several, make another word of. */
  private static final Set<String> CASED = Language.ENGLISH.words("name.cased");

  private NameGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Optional<String> cased =
        cased(pair.askedSide(), pair.cachedSide())
            .or(() -> NameParts.objection(pair.askedSide(), pair.cachedSide()));
    if (cased.isPresent()) {
      return cased;
    }
    List<Word> asked = names(pair.askedSide());
    List<Word> cached = names(pair.cachedSide());
    asked.removeIf(name -> isCovered(name, pair.askedSide(), pair.cachedSide()));
    cached.removeIf(name -> isCovered(name, pair.cachedSide(), pair.askedSide()));
    if (asked.isEmpty() && cached.isEmpty()) {
      return Optional.empty();
    }
    Set<String> stems = new HashSet<>();
    asked.forEach(name -> stems.add(name.stem()));
    cached.forEach(name -> stems.add(name.stem()));
    if (!asked.isEmpty() && !cached.isEmpty()) {
      return pair.overlap(stems) < ALIKE
          ? Optional.empty()
          : Optional.of(
              String.format(
                  "the question is about %s, the cached one about %s",
                  asked.get(0).text(), cached.get(0).text()));
    }
    return Optional.empty();
  }

  /**
   * Finds a word that the two sides write in two cases, where both begin with a capital: who writes
   * all in small letters says nothing by it.
   */
  private static Optional<String> cased(QuestionSide asked, QuestionSide cached) {
    if (!beginsWithCapital(asked) || !beginsWithCapital(cached)) {
      return Optional.empty();
    }
    for (String lower : CASED) {
      String here = asked.written(lower);
      String there = cached.written(lower);
      if (here != null && here.equalsIgnoreCase(there) && !here.equals(there)) {
        return Optional.of(String.format("the question says %s, the cached one %s", here, there));
      }
    }
    return Optional.empty();
  }

  private static boolean beginsWithCapital(QuestionSide side) {
    return !side.words().isEmpty() && side.words().get(0).isCapitalized();
  }

  private static List<Word> names(QuestionSide side) {
    List<Word> names = new ArrayList<>();
    int capitals = 0;
    int letters = 0;
    for (Word word : side.words()) {
      if (!Character.isLetter(word.text().charAt(0))) {
        continue;
      }
      letters++;
      if (word.isCapitalized()) {
        capitals++;
        if (!word.opensSentence() && isName(word)) {
          names.add(word);
        }
      }
    }
    return letters > 3 && capitals > TITLE * letters ? new ArrayList<>() : names;
  }

  /** "Louis the Fourteenth" is "Louis XIV". */
  private static boolean isSameNumber(Word name, QuestionSide here, QuestionSide there) {
    for (Quantity quantity : here.quantities()) {
      if (here.words().subList(quantity.word(), quantity.end()).contains(name)) {
        return there.quantities().stream().anyMatch(quantity::isSame);
      }
    }
    return false;
  }

  private static boolean isName(Word word) {
    return word.isContent()
        && word.lower().length() > 1
        && !NO_NAMES.contains(word.lower())
        && !DateGuard.isDate(word.lower())
        && Unit.of(word.lower()) == null;
  }

  private static boolean isCovered(Word name, QuestionSide here, QuestionSide there) {
    if (there.stems().contains(name.stem()) || isSameNumber(name, here, there)) {
      return true;
    }
    if (name.lower().length() > 3 && there.squashed().contains(name.lower())) {
      return true;
    }
    String alias = ALIASES.getOrDefault(name.lower(), name.lower());
    for (Word word : there.words()) {
      if (alias.equals(ALIASES.getOrDefault(word.lower(), word.lower()))
          || areForms(name.lower(), word.lower())) {
        return true;
      }
    }
    return isInitials(name.lower(), there) || hasInitials(name, here, there);
  }

  /** "India" and "Indian", "Shakespeare" and "Shakespear". */
  private static boolean areForms(String one, String other) {
    int shorter = Math.min(one.length(), other.length());
    int longer = Math.max(one.length(), other.length());
    if (shorter < 4 || longer - shorter > 3) {
      return false;
    }
    int common = 0;
    while (common < shorter && one.charAt(common) == other.charAt(common)) {
      common++;
    }
    if (common >= 4 && shorter - common <= (shorter > 5 ? 1 : 0)) {
      return true;
    }
    // One letter wrong, missing or too many.
    int tail = 0;
    while (tail < shorter - common
        && one.charAt(one.length() - 1 - tail) == other.charAt(other.length() - 1 - tail)) {
      tail++;
    }
    return shorter > 5 && longer - common - tail <= 1;
  }

  /** Returns whether {@code acronym} is made of the first letters of words that stand in a row. */
  private static boolean isInitials(String acronym, QuestionSide side) {
    if (acronym.length() < 2 || acronym.length() > Definitions.SHORT_FORM_LENGTH) {
      return false;
    }
    return initials(side).contains(acronym);
  }

  /** Returns whether {@code name} is one of words in a row whose first letters are a word there. */
  private static boolean hasInitials(Word name, QuestionSide here, QuestionSide there) {
    String initials = initials(here);
    int at = 0;
    for (Word word : here.words()) {
      if (word.equals(name)) {
        break;
      }
      at++;
    }
    for (Word word : there.words()) {
      String lower = word.lower();
      if (lower.length() < 2 || lower.length() > Definitions.SHORT_FORM_LENGTH) {
        continue;
      }
      int from = Math.max(0, at - lower.length() + 1);
      int found = initials.indexOf(lower, from);
      if (found >= 0 && found <= at && word.text().equals(word.text().toUpperCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  private static String initials(QuestionSide side) {
    StringBuilder initials = new StringBuilder();
    for (Word word : side.words()) {
      initials.append(word.lower().charAt(0));
    }
    return initials.toString();
  }
}
