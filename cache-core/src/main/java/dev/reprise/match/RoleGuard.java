package dev.reprise.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** See {@link Guard#roles}. */
final class RoleGuard {
  /** How alike the rest must be for exchanged roles to be an objection. */
  private static final double ALIKE = 0.75;

  /** The same where only the form of the verb may differ: "lent", "lend". */
  private static final double ROUGHLY_ALIKE = 0.6;

  /** How far a subject may stand behind its auxiliary, and a verb behind its subject. */
  private static final int REACH = 4;

  private static final Set<String> AUXILIARIES = Language.ENGLISH.words("role.auxiliaries");

  private static final Set<String> DETERMINERS = Language.ENGLISH.words("role.determiners");

  private static final Set<String> FIRST = Language.ENGLISH.words("role.first");
  private static final Set<String> SECOND = Language.ENGLISH.words("role.second");
  private static final Set<String> THIRD = Language.ENGLISH.words("role.third");

  /** Before "me", these lead up to a question and have no roles. */
  private static final Set<String> SPEAKING = Language.ENGLISH.words("role.speaking");

  /** Verbs that say too little to tell roles by, as stems. */
  private static final Set<String> LIGHT = Language.ENGLISH.words("role.light");

  private static final Set<String> HIS = Language.ENGLISH.words("role.his");
  private static final Set<String> HERS = Language.ENGLISH.words("role.hers");
  private static final Set<String> WHOM = Language.ENGLISH.words("role.whom");
  private static final Set<String> DOING = Language.ENGLISH.words("role.doing");

  /** "Who do you think won" asks who won. */
  private static final Set<String> OPINION = Language.ENGLISH.words("role.opinion");

  private static final Set<String> PERSONS = Language.ENGLISH.words("role.persons");
  private static final Set<String> BEING = Language.ENGLISH.words("role.being");

  /** Who does it, and what. */
  private record Clause(String subject, String verb) {}

  private RoleGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    QuestionSide asked = pair.askedSide();
    QuestionSide cached = pair.cachedSide();
    if (DirectionGuard.isSymmetric(asked)
        || DirectionGuard.isSymmetric(cached)
        || isPassive(asked) != isPassive(cached)) {
      return Optional.empty();
    }
    if (isSomebodyElse(asked, cached)) {
      return Optional.of("the two questions speak of different persons");
    }
    boolean isAskedFor = isAskedForExchanged(asked, cached) || isAskedForExchanged(cached, asked);
    boolean isExchanged =
        isSubjectExchanged(asked, cached)
            || isOfferExchanged(asked, cached)
            || ((isMixed(asked) || isMixed(cached))
                && (isOwnerExchanged(asked, cached) || isObjectExchanged(asked, cached)));
    double overlap = pair.overlap(Set.of());
    return (isExchanged && overlap >= ALIKE) || (isAskedFor && overlap >= ROUGHLY_ALIKE)
        ? Optional.of("the two questions exchange who does it and to whom")
        : Optional.empty();
  }

  /**
   * The same words, but of another person: "when does our lease end", "when does their lease end".
   */
  private static boolean isSomebodyElse(QuestionSide asked, QuestionSide cached) {
    List<Word> one = asked.words();
    List<Word> other = cached.words();
    if (one.size() != other.size()) {
      return false;
    }
    List<String> here = new ArrayList<>();
    List<String> there = new ArrayList<>();
    for (int i = 0; i < one.size(); i++) {
      String asks = one.get(i).lower();
      String says = other.get(i).lower();
      if (asks.equals(says)) {
        continue;
      }
      if (!isPerson(asks) || !isPerson(says)) {
        return false;
      }
      here.add(asks);
      there.add(says);
    }
    // "She/he" is "he/she".
    return !here.stream().sorted().toList().equals(there.stream().sorted().toList())
        && IntStream.range(0, here.size()).anyMatch(i -> isElse(here.get(i), there.get(i)));
  }

  private static boolean isElse(String here, String there) {
    return areThese(here, there, FIRST, THIRD)
        || areThese(there, here, FIRST, THIRD)
        || areThese(here, there, HIS, HERS)
        || areThese(there, here, HIS, HERS);
  }

  private static boolean areThese(String here, String there, Set<String> ones, Set<String> others) {
    return ones.contains(here) && others.contains(there);
  }

  private static boolean isPerson(String lower) {
    return FIRST.contains(lower) || SECOND.contains(lower) || THIRD.contains(lower);
  }

  /** "Who invited us?" and "Whom did we invite?" */
  private static boolean isAskedForExchanged(QuestionSide subject, QuestionSide object) {
    List<Word> asking = subject.words();
    List<Word> asked = object.words();
    if (asking.size() < 3
        || asked.size() < 4
        || !asking.get(0).lower().equals("who")
        || !WHOM.contains(asked.get(0).lower())
        || OPINION.stream().anyMatch(object::has)) {
      return false;
    }
    // "Who is waiting for me?" and "Who am I waiting for?"
    boolean isGoingOn =
        BEING.contains(asking.get(1).lower())
            && BEING.contains(asked.get(1).lower())
            && isPerson(asked.get(2).lower());
    if (!isGoingOn && !DOING.contains(asked.get(1).lower())) {
      return false;
    }
    Word verb = asking.get(isGoingOn ? 2 : 1);
    return verb.isContent() && object.wordOfStem(Verbs.stem(verb)) != null;
  }

  /** "Can my boss read my mail?" and "Can I read the mail of my boss?" */
  private static boolean isSubjectExchanged(QuestionSide asked, QuestionSide cached) {
    Clause one = clause(asked);
    Clause other = clause(cached);
    return one != null
        && other != null
        && one.verb.equals(other.verb)
        && !LIGHT.contains(one.verb)
        && !one.subject.equals(other.subject)
        && !(PERSONS.contains(one.subject)
            && PERSONS.contains(other.subject)
            && !(isMixed(asked) && isMixed(cached)))
        && speaksOf(cached, one.subject)
        && speaksOf(asked, other.subject);
  }

  /** "Where do you get your rates?" and "Where can I get your rates?" */
  private static boolean isOfferExchanged(QuestionSide asked, QuestionSide cached) {
    String one = personAndVerb(asked);
    String other = personAndVerb(cached);
    return asked.has("your")
        && cached.has("your")
        && !one.isEmpty()
        && !other.isEmpty()
        && !one.equals(other)
        && one.substring(one.indexOf(' ')).equals(other.substring(other.indexOf(' ')));
  }

  /** Returns "i" or "you" and the verb behind the first auxiliary, or an empty text. */
  private static String personAndVerb(QuestionSide side) {
    List<Word> words = side.words();
    for (int i = 0; i + 2 < words.size(); i++) {
      if (AUXILIARIES.contains(words.get(i).lower())) {
        String subject = words.get(i + 1).lower();
        return PERSONS.contains(subject) ? subject + " " + words.get(i + 2).stem() : "";
      }
    }
    return "";
  }

  /** "I" and "you" in one text are two people; alone, either is anybody. */
  private static boolean isMixed(QuestionSide side) {
    boolean isFirst = false;
    boolean isSecond = false;
    for (Word word : side.words()) {
      isFirst |= FIRST.contains(word.lower());
      isSecond |= SECOND.contains(word.lower());
    }
    return isFirst && isSecond;
  }

  private static boolean isPassive(QuestionSide side) {
    List<Word> words = side.words();
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i).lower().endsWith("ed") && BEING.contains(words.get(i - 1).lower())) {
        return true;
      }
    }
    return false;
  }

  /** Returns who does what behind the first auxiliary, or null where that cannot be told. */
  private static @Nullable Clause clause(QuestionSide side) {
    List<Word> words = side.words();
    for (int i = 0; i + 1 < words.size(); i++) {
      if (!AUXILIARIES.contains(words.get(i).lower())) {
        continue;
      }
      int at = i + 1;
      if (DETERMINERS.contains(words.get(at).lower()) && at + 1 < words.size()) {
        at++;
      }
      int verb = at + 1;
      if (verb >= words.size() || verb > i + REACH) {
        return null;
      }
      if (!words.get(verb).isContent()) {
        return null;
      }
      return new Clause(person(words.get(at)), words.get(verb).stem());
    }
    return null;
  }

  private static String person(Word word) {
    String lower = word.lower();
    return FIRST.contains(lower)
        ? "i"
        : SECOND.contains(lower) ? "you" : THIRD.contains(lower) ? "he" : word.stem();
  }

  private static boolean speaksOf(QuestionSide side, String subject) {
    for (Word word : side.words()) {
      if (person(word).equals(subject)) {
        return true;
      }
    }
    return false;
  }

  /** "Tell me my name" and "tell me your name". */
  private static boolean isOwnerExchanged(QuestionSide asked, QuestionSide cached) {
    for (int i = 0; i + 1 < asked.words().size(); i++) {
      String owner = asked.words().get(i).lower();
      if (!isPossessive(owner)) {
        continue;
      }
      String owned = asked.words().get(i + 1).stem();
      for (int j = 0; j + 1 < cached.words().size(); j++) {
        String other = cached.words().get(j).lower();
        if (isPossessive(other)
            && cached.words().get(j + 1).stem().equals(owned)
            && FIRST.contains(owner) != FIRST.contains(other)
            && !cached.has(owner)
            && !asked.has(other)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isPossessive(String lower) {
    return lower.equals("my") || lower.equals("our") || lower.equals("your");
  }

  /** "What do you know about me" and "about you"; "call me" and "I call you". */
  private static boolean isObjectExchanged(QuestionSide asked, QuestionSide cached) {
    String one = lastObject(asked);
    String other = lastObject(cached);
    return one != null && other != null && !one.equals(other);
  }

  /** Returns the person behind the last preposition or verb, at the question's end, or null. */
  private static @Nullable String lastObject(QuestionSide side) {
    List<Word> words = side.words();
    int last = words.size() - 1;
    if (last < 1) {
      return null;
    }
    String lower = words.get(last).lower();
    if (Set.of("me", "us").contains(lower) && !SPEAKING.contains(words.get(last - 1).lower())) {
      return "i";
    }
    if (lower.equals("you")) {
      return "you";
    }
    return null;
  }
}
