package dev.reprise.match;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells "what causes it" from "what does it cause". Part of {@link Guard#direction}. */
final class CauseGuard {
  /** How alike the rest must be. */
  private static final double ALIKE = 0.75;

  /** Verbs of causing, or a verb and the word behind it. */
  private static final Set<String> VERBS = stems("cause.verbs");

  private static final Set<String> CAUSES = stems("cause.causes");
  private static final Set<String> EFFECTS = stems("cause.effects");
  private static final Set<String> ASKING = Language.ENGLISH.words("cause.asking");
  private static final Set<String> AUXILIARIES = Language.ENGLISH.words("asking.auxiliaries");
  private static final Set<String> BEING = Language.ENGLISH.words("passive.being");

  private static final Set<String> NO_REST = new HashSet<>();

  static {
    VERBS.forEach(verb -> NO_REST.addAll(List.of(verb.split(" ", -1))));
    NO_REST.addAll(CAUSES);
    NO_REST.addAll(EFFECTS);
  }

  /** What is asked for. */
  private enum Kind {
    CAUSE,
    EFFECT
  }

  private CauseGuard() {}

  static Optional<String> objection(QuestionPair pair) {
    Kind one = kind(pair.askedSide());
    Kind other = kind(pair.cachedSide());
    return one == null || other == null || one == other || pair.overlap(NO_REST) < ALIKE
        ? Optional.empty()
        : Optional.of("one question asks for the cause where the other asks for the effect");
  }

  private static Set<String> stems(String list) {
    return Language.ENGLISH.words(list).stream()
        .map(word -> word.indexOf('_') < 0 ? QuestionSide.stem(word) : twoStems(word))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String twoStems(String words) {
    int joint = words.indexOf('_');
    return QuestionSide.stem(words.substring(0, joint)) + " " + words.substring(joint + 1);
  }

  private static @Nullable Kind kind(QuestionSide side) {
    List<Word> words = side.words();
    if (words.stream().anyMatch(word -> CAUSES.contains(word.stem()))
        && words.stream().anyMatch(word -> EFFECTS.contains(word.stem()))) {
      return null;
    }
    int asking = -1;
    for (int i = 0; i < words.size(); i++) {
      String lower = words.get(i).lower();
      if (asking < 0 && ASKING.contains(lower)) {
        asking = i;
      }
      Kind noun = i + 1 < words.size() ? ofNoun(words, i) : null;
      if (noun != null) {
        return noun;
      }
      if (asking >= 0 && i > asking && isVerb(words, i)) {
        return ofVerb(words, asking, i);
      }
    }
    return null;
  }

  /** "The causes of it", "the effects of it". */
  private static @Nullable Kind ofNoun(List<Word> words, int at) {
    if (at == 0 || !words.get(at + 1).lower().equals("of")) {
      return null;
    }
    String stem = words.get(at).stem();
    return CAUSES.contains(stem) ? Kind.CAUSE : EFFECTS.contains(stem) ? Kind.EFFECT : null;
  }

  private static boolean isVerb(List<Word> words, int at) {
    String stem = words.get(at).stem();
    if (VERBS.contains(stem)) {
      return true;
    }
    // "What did it bring about", "what brings it about".
    for (int i = at + 1; i < words.size() && i <= at + 4; i++) {
      if (VERBS.contains(stem + " " + words.get(i).lower())) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Kind ofVerb(List<Word> words, int asking, int verb) {
    boolean isBeing = false;
    boolean isSubjectBetween = false;
    boolean isAuxiliary = false;
    for (int i = asking + 1; i < verb; i++) {
      Word word = words.get(i);
      isBeing |= BEING.contains(word.lower());
      isSubjectBetween |= isAuxiliary && word.isContent();
      isAuxiliary |= AUXILIARIES.contains(word.lower());
    }
    String lower = words.get(verb).lower();
    if (isBeing && !lower.endsWith("ing")) {
      // "What is it caused by" and "what is caused by it"; "what is the cause" tells nothing here.
      boolean isParticiple = lower.endsWith("ed") || lower.equals("brought");
      return isParticiple ? (isSubjectBetween ? Kind.CAUSE : Kind.EFFECT) : null;
    }
    return isSubjectBetween ? Kind.EFFECT : Kind.CAUSE;
  }
}
