package dev.reprise.match;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tells what the asker does to somebody from what somebody does to the asker: "I owe my ex", "my ex
 * owes me". Part of {@link Guard#roles}.
 */
final class PartyGuard {
  /** How alike the rest must be. */
  private static final double ALIKE = 0.7;

  private static final Set<String> SUBJECTS = Language.ENGLISH.words("party.subjects");
  private static final Set<String> OBJECTS = Language.ENGLISH.words("party.objects");
  private static final Set<String> OWNERS = Language.ENGLISH.words("party.owners");
  private static final Set<String> OTHERS = Language.ENGLISH.words("party.others");
  private static final Set<String> SKIPPED = Language.ENGLISH.words("party.skipped");
  private static final Set<String> LIGHT = Language.ENGLISH.words("role.light");

  /** Behind a verb's stem: what is done to a thing of the asker's, as in "hit my car". */
  private static final String MINE = " mine";

  /** What the asker is to a verb. */
  private enum Part {
    DOES,
    SUFFERS,
    BOTH
  }

  private PartyGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Map<String, Part> asked = parts(pair.askedSide());
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Part> cached = parts(pair.cachedSide());
    for (Map.Entry<String, Part> entry : asked.entrySet()) {
      Part other = cached.get(entry.getKey());
      boolean isExchanged =
          (entry.getValue() == Part.DOES && other == Part.SUFFERS)
              || (entry.getValue() == Part.SUFFERS && other == Part.DOES);
      if (isExchanged && pair.overlap(OTHERS) >= ALIKE) {
        return Optional.of("the asker does in one question what is done to the asker in the other");
      }
    }
    return Optional.empty();
  }

  /** Returns the asker's part in each verb, by the verb's stem in the present. */
  private static Map<String, Part> parts(QuestionSide side) {
    Map<String, Part> parts = new TreeMap<>();
    List<Word> words = side.words();
    for (int i = 0; i + 1 < words.size(); i++) {
      Word verb = words.get(i);
      if (!isVerb(verb)) {
        continue;
      }
      String before = before(words, i);
      String stem = Verbs.stem(verb);
      boolean isOwn = OWNERS.contains(words.get(i + 1).lower());
      if (SUBJECTS.contains(before)) {
        add(parts, stem, Part.DOES);
        if (!isOwn) {
          add(parts, stem + MINE, Part.DOES);
        }
      } else if (isOwn && OTHERS.contains(before)) {
        add(parts, stem + MINE, Part.SUFFERS);
      } else if (isParty(before) && isToAsker(words, i)) {
        add(parts, stem, Part.SUFFERS);
      }
    }
    return parts;
  }

  private static void add(Map<String, Part> parts, String verb, Part part) {
    parts.merge(verb, part, (one, other) -> one == other ? one : Part.BOTH);
  }

  private static boolean isVerb(Word word) {
    return word.isContent() && !word.isNumeric() && !LIGHT.contains(word.stem());
  }

  /** Returns the word before the verb, without adverbs and auxiliaries. */
  private static String before(List<Word> words, int verb) {
    int at = verb - 1;
    while (at >= 0 && SKIPPED.contains(words.get(at).lower())) {
      at--;
    }
    return at < 0 || (at > 0 && words.get(verb).opensSentence()) ? "" : words.get(at).lower();
  }

  /** Returns whether it can be one who does something: a noun, or "someone". */
  private static boolean isParty(String before) {
    return !before.isEmpty()
        && (OTHERS.contains(before) || !FunctionWords.contains(before))
        && !before.equals("you");
  }

  /** "Owes me", "sent a transfer to us", "hit my car". */
  private static boolean isToAsker(List<Word> words, int verb) {
    String next = words.get(verb + 1).lower();
    if (OBJECTS.contains(next)) {
      return true;
    }
    for (int i = verb + 2; i < words.size() && i <= verb + 5; i++) {
      String before = words.get(i - 1).lower();
      if (OBJECTS.contains(words.get(i).lower())
          && (before.equals("to") || before.equals("from") || before.equals("for"))) {
        return true;
      }
    }
    return false;
  }
}
