package dev.reprise.learn;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Embedder.Embedding;
import dev.reprise.embed.Vector;
import dev.reprise.match.Guard;
import dev.reprise.match.QuestionPair;
import dev.reprise.model.internal.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/*
 * Answers are compared in pieces, since a sentence embedder reads a hundred words at most and one vector of a long answer shows
 * its topic only. Numbers are compared as text, since "3 days" and "5 days" have near vectors.
 */
/**
 * Compares two answers by their embeddings. They are the same if all of these hold:
 *
 * <ul>
 *   <li>Each piece of one answer has a near piece in the other.
 *   <li>They share a number, if both have numbers.
 *   <li>No guard rejects them. Short answers are compared as a whole, long ones by nearest pieces.
 *   <li>None says yes where the other says no. This is checked in short answers.
 *   <li>The questions do not differ in an exchanged role, order or direction.
 * </ul>
 *
 * <p>A comparison takes milliseconds and calls no language model. Most errors are on the safe side:
 * answers of different length with the same content are judged different.
 */
public final class EmbeddingJudge implements AnswerJudge {
  /** The default of the lowest agreement: {@value}. */
  public static final double DEFAULT_AGREEMENT = 0.8;

  private static final int LONGEST_PIECE = 300;
  private static final int MOST_PIECES = 32;

  /** The most characters of a short answer. */
  private static final int SHORT = 200;

  /** The lowest cosine of two pieces that guards compare. */
  private static final double NEAR = 0.8;

  /** Guards for exchanged words, since an embedding hardly shows the order of words. */
  private static final List<Guard> EXCHANGES =
      List.of(Guard.direction(), Guard.order(), Guard.roles(), Guard.passives());

  /** Guards that compare pieces of long answers. */
  private static final List<Guard> OF_PIECES =
      Stream.concat(
              EXCHANGES.stream(), Stream.of(Guard.antonyms(), Guard.negation(), Guard.actions()))
          .toList();

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

  /** Returns a judge with the default agreement, {@value #DEFAULT_AGREEMENT}. */
  public static EmbeddingJudge of(Embedder embedder) {
    return of(embedder, DEFAULT_AGREEMENT);
  }

  /**
   * Returns a judge.
   *
   * @param embedder embeds the pieces
   * @param agreement the lowest agreement of equal answers, from 0 to 1: the mean cosine of each
   *     piece to the nearest piece of the other answer
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
    if (numbersDiffer(one, other)
        || isObjectedTo(one, other)
        || objects(EXCHANGES, fresh.question(), cached.question())) {
      return Judgement.DIFFERENT;
    }
    List<Piece> ones = read(fresh.answer());
    List<Piece> others = read(cached.answer());
    if (ones.isEmpty() || others.isEmpty()) {
      return Judgement.UNKNOWN;
    }
    if (ones.stream().anyMatch(piece -> contradicts(piece, others))) {
      return Judgement.DIFFERENT;
    }
    return (cover(ones, others) + cover(others, ones)) / 2 >= agreement
        ? Judgement.SAME
        : Judgement.DIFFERENT;
  }

  /** Returns false: an embedding hardly shows an address that was added to an answer. */
  @Override
  public boolean canApprove() {
    return false;
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

  /** Returns whether a guard rejects two short answers, which are compared like questions. */
  private static boolean isObjectedTo(String one, String other) {
    if ((isYes(one) && isNo(other)) || (isNo(one) && isYes(other))) {
      return true;
    }
    if (Math.max(one.length(), other.length()) > SHORT) {
      return false;
    }
    return objects(Guard.all(), one, other);
  }

  private static boolean objects(List<Guard> guards, String one, String other) {
    QuestionPair pair = QuestionPair.of(one, other);
    return guards.stream().anyMatch(guard -> guard.objection(pair).isPresent());
  }

  /** Returns whether a guard rejects a piece and the nearest piece of the other answer. */
  private static boolean contradicts(Piece piece, List<Piece> others) {
    Piece nearest = Collections.max(others, Comparator.comparingDouble(piece::cosine));
    return piece.cosine(nearest) >= NEAR
        && objects(OF_PIECES, plain(piece.text), plain(nearest.text));
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

  /** A piece of an answer. */
  private record Piece(String text, Vector vector) {
    double cosine(Piece other) {
      return vector.similarity(other.vector).cosine();
    }
  }

  /** Returns the first pieces of an answer. */
  private List<Piece> read(String answer) {
    List<Piece> read = new ArrayList<>();
    for (String piece : pieces(answer)) {
      if (read.size() == MOST_PIECES) {
        break;
      }
      if (embedder.embed(piece) instanceof Embedding.Embedded embedded) {
        read.add(new Piece(piece, embedded.vector()));
      }
    }
    return read;
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
  private static double cover(List<Piece> ones, List<Piece> others) {
    double sum = 0;
    for (Piece one : ones) {
      sum += others.stream().mapToDouble(one::cosine).max().orElse(0);
    }
    return sum / ones.size();
  }
}
