package dev.reprise.learn;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Embedder.Embedding;
import dev.reprise.embed.Vector;
import dev.reprise.match.Guard;
import dev.reprise.match.QuestionPair;
import dev.reprise.model.internal.Checks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * An answer is compared piece by piece: a model of sentences reads a hundred words at most, and one vector of a long answer says
 * little more than what it is about. Numbers are compared as they are: "3 days" and "5 days" are near each other.
 */
/**
 * Judges by embeddings: two answers say the same if each piece of one has a near piece in the
 * other, if they do not have other numbers altogether, and if, of short ones, no guard objects and
 * none says yes where the other says no. It costs milliseconds, and no model call. It errs to the
 * safe side more often: answers that say the same at different length are different to it.
 */
public final class EmbeddingJudge implements AnswerJudge {
  /** The default of the least agreement: {@value}. */
  public static final double DEFAULT_AGREEMENT = 0.8;

  private static final int LONGEST_PIECE = 300;
  private static final int MOST_PIECES = 32;

  /** How many characters a short answer has at most. */
  private static final int SHORT = 200;

  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+|\\n+");
  private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");
  private static final Pattern YES = Pattern.compile("yes\\b");
  private static final Pattern NO = Pattern.compile("(no[,.;:!]|not\\b)");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final Embedder embedder;
  private final double agreement;

  private EmbeddingJudge(Embedder embedder, double agreement) {
    this.embedder = embedder;
    this.agreement = agreement;
  }

  /** Returns a judge that asks for an agreement of {@value #DEFAULT_AGREEMENT}. */
  public static EmbeddingJudge of(Embedder embedder) {
    return of(embedder, DEFAULT_AGREEMENT);
  }

  /**
   * Returns a judge.
   *
   * @param embedder of the pieces
   * @param agreement the least agreement of answers that say the same: the mean, over the pieces of
   *     both, of the cosine to the nearest piece of the other; from 0 to 1
   * @throws IllegalArgumentException if it is out of range
   */
  public static EmbeddingJudge of(Embedder embedder, double agreement) {
    Objects.requireNonNull(embedder, "embedder");
    return new EmbeddingJudge(embedder, Checks.inRange("agreement", agreement, 0, 1));
  }

  @Override
  public Judgement judge(Exchange fresh, Exchange cached) {
    String one = plain(fresh.answer());
    String other = plain(cached.answer());
    if (one.equals(other)) {
      return Judgement.SAME;
    }
    if (!saysSomething(one) || !saysSomething(other)) {
      return Judgement.UNKNOWN;
    }
    if (numbersDiffer(one, other) || isObjectedTo(one, other)) {
      return Judgement.DIFFERENT;
    }
    List<Vector> ones = vectors(fresh.answer());
    List<Vector> others = vectors(cached.answer());
    if (ones.isEmpty() || others.isEmpty()) {
      return Judgement.UNKNOWN;
    }
    return (cover(ones, others) + cover(others, ones)) / 2 >= agreement
        ? Judgement.SAME
        : Judgement.DIFFERENT;
  }

  private static boolean saysSomething(String text) {
    return text.codePoints().anyMatch(Character::isLetterOrDigit);
  }

  private static String plain(String answer) {
    return SPACE.matcher(answer.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
  }

  private static boolean numbersDiffer(String one, String other) {
    Set<String> ones = numbers(one);
    Set<String> others = numbers(other);
    if (ones.isEmpty() || others.isEmpty()) {
      return false;
    }
    Set<String> common = new HashSet<>(ones);
    common.retainAll(others);
    return common.isEmpty();
  }

  /** Asks the guards: of short answers, each word counts as it does in a question. */
  private static boolean isObjectedTo(String one, String other) {
    if ((isYes(one) && isNo(other)) || (isNo(one) && isYes(other))) {
      return true;
    }
    if (Math.max(one.length(), other.length()) > SHORT) {
      return false;
    }
    QuestionPair pair = QuestionPair.of(one, other);
    return Guard.all().stream().anyMatch(guard -> guard.objection(pair).isPresent());
  }

  private static boolean isYes(String answer) {
    return YES.matcher(answer).lookingAt();
  }

  private static boolean isNo(String answer) {
    return NO.matcher(answer).lookingAt();
  }

  private static Set<String> numbers(String text) {
    Set<String> numbers = new HashSet<>();
    Matcher matcher = NUMBER.matcher(text);
    while (matcher.find()) {
      numbers.add(matcher.group().replace(",", ""));
    }
    return numbers;
  }

  /** Returns the vectors of the first pieces of an answer. */
  private List<Vector> vectors(String answer) {
    List<Vector> vectors = new ArrayList<>();
    for (String piece : pieces(answer)) {
      if (vectors.size() == MOST_PIECES) {
        break;
      }
      if (embedder.embed(piece) instanceof Embedding.Embedded embedded) {
        vectors.add(embedded.vector());
      }
    }
    return vectors;
  }

  private static List<String> pieces(String answer) {
    List<String> pieces = new ArrayList<>();
    for (String sentence : SENTENCE_END.split(answer.strip(), -1)) {
      for (int from = 0; from < sentence.length(); from += LONGEST_PIECE) {
        String piece = sentence.substring(from, Math.min(sentence.length(), from + LONGEST_PIECE));
        if (saysSomething(piece)) {
          pieces.add(piece.strip());
        }
      }
    }
    return pieces;
  }

  /** Returns how well {@code others} cover {@code ones}: the mean cosine to the nearest. */
  private static double cover(List<Vector> ones, List<Vector> others) {
    double sum = 0;
    for (Vector one : ones) {
      sum += others.stream().mapToDouble(other -> one.similarity(other).cosine()).max().orElse(0);
    }
    return sum / ones.size();
  }
}
