package dev.reprise.match;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares the formulas of substances: H2O and H2O2, NaCl and NaClO, CO and CO2. */
final class Chemicals {
  private static final Set<String> ELEMENTS = Language.ENGLISH.words("chemicals.elements");

  private static final Pattern TOKEN =
      Pattern.compile("(?<![\\p{L}\\d])(?:[A-Z][a-z]?\\d{0,3}){1,10}(?![\\p{L}\\d])");

  private static final Pattern ELEMENT = Pattern.compile("([A-Z][a-z]?)(\\d{0,3})");

  private Chemicals() {}

  /** Returns what differs, or null if nothing does. */
  static @Nullable String difference(String asked, String cached) {
    Set<String> one = formulas(asked);
    Set<String> other = formulas(cached);
    if (one.isEmpty() && other.isEmpty()) {
      return null;
    }
    Set<String> onlyOne = new TreeSet<>(one);
    onlyOne.removeAll(other);
    Set<String> onlyOther = new TreeSet<>(other);
    onlyOther.removeAll(one);
    if (!onlyOne.isEmpty() && !onlyOther.isEmpty()) {
      return onlyOne.iterator().next() + " / " + onlyOther.iterator().next();
    }
    String alone = withoutDigits(onlyOne, cached);
    return alone == null ? withoutDigits(onlyOther, asked) : alone;
  }

  /** "CO2" and "CO". */
  private static @Nullable String withoutDigits(Set<String> formulas, String text) {
    for (String formula : formulas) {
      String letters = formula.replaceAll("\\d", "");
      boolean isThere =
          TOKEN.matcher(text).results().anyMatch(found -> found.group().equals(letters));
      if (isThere && letters.length() > 1) {
        return formula + " / " + letters;
      }
    }
    return null;
  }

  private static Set<String> formulas(String text) {
    Set<String> formulas = new TreeSet<>();
    TOKEN
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .filter(Chemicals::isFormula)
        .forEach(formulas::add);
    return formulas;
  }

  /** Returns whether it is made of elements, with a number or with one of two letters. */
  private static boolean isFormula(String token) {
    int elements = 0;
    boolean isMarked = false;
    for (MatchResult found : ELEMENT.matcher(token).results().toList()) {
      if (!ELEMENTS.contains(found.group(1))) {
        return false;
      }
      elements++;
      isMarked |= found.group(1).length() > 1 || !found.group(2).isEmpty();
    }
    return isMarked && (elements > 1 || Character.isDigit(token.charAt(token.length() - 1)));
  }
}
