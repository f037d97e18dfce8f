package dev.reprise.match;

import dev.reprise.model.Answer;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import dev.reprise.model.internal.Checks;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides in stages, the cheapest first. A cosine below the floor is rejected. The same words are
 * accepted, after acronyms are written out and polite phrases removed. A {@link Guard} may reject
 * the pair. Then the {@link Verifier} reads it, and its calibrated probability must be high enough
 * for the {@link WrongAnswerBound}. The confidence of a decision is that probability: 1 for the
 * same words, 0 if the verifier was not asked.
 *
 * <p>The matcher learns acronyms from the answers of each scope as they are stored.
 * docs/MATCHING.md explains each stage. Safe for use by several threads.
 *
 * <pre>{@code
 * Matcher matcher =
 *     VerifiedMatcher.builder(verifier)
 *         .bound(WrongAnswerBound.perLookup(0.005))
 *         .glossary(Map.of("SSO", "single sign-on"))
 *         .build();
 * }</pre>
 */
public final class VerifiedMatcher implements LearningMatcher, Wording {
  /** The default of {@link Builder#floor}: {@value}. */
  public static final double DEFAULT_FLOOR = 0.6;

  /** The default of {@link Builder#deepestRank}: {@value}. */
  public static final int DEFAULT_DEEPEST_RANK = 5;

  /** The default of {@link Builder#acronymSupport}: {@value}. */
  public static final int DEFAULT_ACRONYM_SUPPORT = 2;

  // Of 1,001 read pairs in another wording, 5 were wrong: 0.5 %, at most 1.2 % (95 %).
  /** The confidence of a pair that differs in its wording only. */
  static final double WORDING_CONFIDENCE = 0.988;

  private final Verifier verifier;
  private final WrongAnswerBound bound;
  private final Calibration calibration;
  private final OnlineCalibration online;
  private final Set<String> languages;
  private final List<Guard> guards;
  private final Acronyms acronyms;
  private final Similarity floor;
  private final int deepestRank;
  private final boolean comparesWordings;

  private VerifiedMatcher(Builder builder) {
    verifier = builder.verifier;
    bound = builder.bound;
    calibration =
        builder.calibration == null ? builder.verifier.calibration() : builder.calibration;
    online = OnlineCalibration.of(verifier, calibration, bound);
    guards = builder.guards;
    acronyms = Acronyms.with(builder.glossary, builder.acronymSupport);
    floor = builder.floor;
    languages = builder.languages;
    deepestRank = builder.deepestRank;
    comparesWordings = builder.comparesWordings;
  }

  /** Returns a builder of a matcher that uses {@code verifier}. */
  public static Builder builder(Verifier verifier) {
    return new Builder(verifier);
  }

  /** Returns the bound on wrong answers. */
  public WrongAnswerBound bound() {
    return bound;
  }

  /** Returns the calibration that turns log-odds into confidence. */
  public Calibration calibration() {
    return calibration;
  }

  /**
   * Returns the confidence from which the matcher accepts a candidate now. If no confidence is
   * known to hold the bound, the matcher accepts the same words only.
   */
  public OperatingPoint operatingPoint() {
    return online.point();
  }

  /** Returns the guards, in the order in which they run. */
  public List<Guard> guards() {
    return guards;
  }

  @Override
  public Similarity floor() {
    return floor;
  }

  @Override
  public Wording wording() {
    return this;
  }

  @Override
  public String comparable(Scope scope, String question) {
    return Misspellings.corrected(acronyms.expand(scope, Normalization.unicodeForm(question)));
  }

  @Override
  public void stored(Scope scope, String question, Answer answer) {
    var unused = learnFrom(scope, question, answer);
  }

  @Override
  public List<String> learnFrom(Scope scope, String question, Answer answer) {
    return learnFrom(scope, question, answer, "");
  }

  @Override
  public List<String> learnFrom(
      Scope scope, String question, Answer answer, @Nullable String context) {
    if (context == null) {
      return List.of();
    }
    return acronyms.learn(scope, question, context, answer.text()).stream()
        .map(LearnedMeaning::write)
        .toList();
  }

  @Override
  public void learn(String record) {
    acronyms.learn(LearnedMeaning.read(record));
  }

  @Override
  public String confidenceKind() {
    return online.kind();
  }

  @Override
  public void observe(Observation observation) {
    online.observe(observation);
  }

  @Override
  public Optional<RiskReport> risk() {
    return Optional.of(online.report());
  }

  @Override
  public String snapshot() {
    return online.write();
  }

  @Override
  public boolean restore(String snapshot) {
    return online.read(snapshot);
  }

  @Override
  public MatchDecision decide(MatchCandidate candidate) {
    return explain(candidate).decision();
  }

  @Override
  public MatchExplanation explain(MatchCandidate candidate) {
    return explain(candidate, new HeldBound(bound, online.point()));
  }

  private MatchExplanation explain(MatchCandidate candidate, HeldBound held) {
    return new Reading(candidate, held).explanation();
  }

  @Override
  public Matcher within(WrongAnswerBound other) {
    HeldBound own = new HeldBound(bound, online.point());
    return new StricterMatcher(
            own, this::explain, stricter -> new HeldBound(stricter, online.point(stricter)))
        .within(other);
  }

  /** Runs the stages for one candidate. */
  private final class Reading {
    private final MatchSteps steps;
    private final MatchCandidate candidate;
    private final HeldBound held;
    private final String asked;
    private final String cached;
    private final String language;

    Reading(MatchCandidate candidate, HeldBound held) {
      this.candidate = candidate;
      this.held = held;
      asked = comparable(candidate.scope(), candidate.asked());
      cached = comparable(candidate.scope(), candidate.cached());
      language =
          Languages.ofPair(
              Misspellings.corrected(candidate.asked()),
              Misspellings.corrected(candidate.cached()));
      steps = new MatchSteps(language);
    }

    MatchExplanation explanation() {
      double cosine = candidate.similarity().cosine();
      if (!candidate.similarity().isAtLeast(floor)) {
        return steps.rejected(
            MatchStage.SIMILARITY,
            cosine,
            0,
            "cosine " + Decimals.of(cosine, 3) + " is below " + Decimals.of(floor.cosine(), 3));
      }
      steps.passed(MatchStage.SIMILARITY, cosine, "cosine " + Decimals.of(cosine, 3));
      if (candidate.asked().equals(candidate.cached())) {
        return certain("the same text");
      }
      boolean isForeign = !language.equals(Languages.ENGLISH);
      Characters askedCharacters = Characters.of(candidate.asked(), isForeign);
      Characters cachedCharacters = Characters.of(candidate.cached(), isForeign);
      Optional<String> unreadable = Characters.difference(askedCharacters, cachedCharacters);
      if (unreadable.isPresent()) {
        return objected("characters: " + unreadable.get());
      }
      QuestionPair pair = QuestionPair.of(asked, cached, candidate.asked(), candidate.cached());
      if (isForeign) {
        return foreign(pair);
      }
      // What was learnt from answers widens the search; it makes no two questions equal.
      String askedKnown = known(candidate.asked());
      String cachedKnown = known(candidate.cached());
      String askedWords = Normalization.withoutPoliteness(askedKnown);
      String cachedWords = Normalization.withoutPoliteness(cachedKnown);
      if (!askedWords.equals(cachedWords)
          && (askedCharacters.isMostlyUnreadable() || cachedCharacters.isMostlyUnreadable())) {
        return objected("characters: the models cannot read most of the question");
      }
      QuestionPair known = QuestionPair.of(askedKnown, cachedKnown);
      List<String> askedSame = SameWords.of(known.askedSide(), askedWords);
      List<String> cachedSame = SameWords.of(known.cachedSide(), cachedWords);
      boolean areEqual =
          Normalization.comparisonKey(askedWords).equals(Normalization.comparisonKey(cachedWords))
              || askedSame.equals(cachedSame);
      if (!areEqual) {
        steps.passed(MatchStage.EQUALITY, 0, "not the same words");
      }
      Optional<String> objection = Objections.first(guards, guard -> true, pair);
      if (objection.isPresent()) {
        return objected(objection.get());
      }
      if (areEqual) {
        return certain("the same words, written otherwise");
      }
      if (areSameDefinition(askedWords, cachedWords)) {
        return certain("both ask what the same thing is");
      }
      steps.passed(MatchStage.GUARDS, 0, "no guard objects");
      return comparesWordings
              && held.point().accepts(WORDING_CONFIDENCE)
              && SameWording.areSame(
                  SameWords.spelled(askedWords, askedSame),
                  SameWords.spelled(cachedWords, cachedSame))
          ? bounded("the same question in another wording", WORDING_CONFIDENCE)
          : verified();
    }

    /** Decides on a pair that is not in English. */
    private MatchExplanation foreign(QuestionPair pair) {
      ForeignText lists = ForeignText.of(language);
      Optional<String> neutral = Objections.first(guards, Objections.NEUTRAL::contains, pair);
      if (neutral.isPresent()) {
        return objected(neutral.get());
      }
      if (lists.key(candidate.asked()).equals(lists.key(candidate.cached()))) {
        return certain("the same words");
      }
      steps.passed(MatchStage.EQUALITY, 0, "not the same words");
      if (!languages.contains(language)) {
        return objected(
            "language: a question in the language "
                + language
                + " is matched by the same words only");
      }
      Optional<String> objection = lists.objection(pair);
      return objection.isPresent() ? objected("language: " + objection.get()) : verified();
    }

    private boolean areSameDefinition(String askedWords, String cachedWords) {
      DefinitionRequest one = DefinitionRequest.of(askedWords);
      DefinitionRequest other = DefinitionRequest.of(cachedWords);
      if (one == null || other == null) {
        return false;
      }
      boolean isAcronym =
          one.field().isEmpty()
              ? isWrittenOut(candidate.cached())
              : isWrittenOut(candidate.asked());
      return one.isSame(other, isAcronym, known(candidate.answer().text()));
    }

    private boolean isWrittenOut(String question) {
      return !Normalization.unicodeForm(question).equals(known(question));
    }

    private String known(String text) {
      return acronyms.expandKnown(Normalization.unicodeForm(text));
    }

    /**
     * Returns what the verifier reads. Learned meanings are not written out: whoever taught one
     * would make two questions look the same to it.
     */
    private String read(String question) {
      return Misspellings.corrected(known(question));
    }

    private MatchExplanation verified() {
      if (candidate.rank() > deepestRank) {
        return steps.rejected(
            MatchStage.VERIFIER, 0, 0, "only the nearest " + deepestRank + " are verified");
      }
      String askedKnown = read(candidate.asked());
      String cachedKnown = read(candidate.cached());
      MatchExplanation first = verified(askedKnown, cachedKnown);
      boolean isLearned = !askedKnown.equals(asked) || !cachedKnown.equals(cached);
      // Learned meanings only take away: with them, too, the questions must ask the same.
      return isLearned && first.decision() instanceof MatchDecision.Accept
          ? verified(asked, cached)
          : first;
    }

    private MatchExplanation verified(String one, String other) {
      Verifier.Verdict verdict = verifier.verify(one, other, candidate.similarity());
      if (verdict instanceof Verifier.Verdict.LogOdds logOdds) {
        steps.passed(
            MatchStage.VERIFIER, logOdds.value(), "log-odds " + Decimals.of(logOdds.value(), 2));
        return bounded(
            "the same answer",
            calibration.probability(logOdds.value(), Calibration.crowding(candidate)));
      }
      return steps.rejected(
          MatchStage.VERIFIER, 0, 0, ((Verifier.Verdict.Unreadable) verdict).why());
    }

    private MatchExplanation bounded(String what, double probability) {
      OperatingPoint point = held.point();
      String words =
          what + " with probability " + Decimals.of(probability, 3) + ", " + held.enough();
      return point.accepts(probability)
          ? steps.accepted(MatchStage.BOUND, probability, probability, words)
          : steps.rejected(MatchStage.BOUND, probability, probability, words);
    }

    private MatchExplanation objected(String why) {
      return steps.rejected(MatchStage.GUARDS, 1, 0, why);
    }

    private MatchExplanation certain(String words) {
      OperatingPoint point = held.point();
      if (point.accepts(1)) {
        return steps.accepted(MatchStage.EQUALITY, 1, 1, words);
      }
      steps.passed(MatchStage.EQUALITY, 1, words);
      return steps.rejected(MatchStage.BOUND, 1, 1, words + ", " + held.enough());
    }
  }

  /** Settings of a {@link VerifiedMatcher}. */
  public static final class Builder {
    private final Verifier verifier;
    private WrongAnswerBound bound = WrongAnswerBound.defaults();
    private @Nullable Calibration calibration;
    private List<Guard> guards = Guard.all();
    private Map<String, String> glossary = Map.of();
    private Set<String> languages = Set.of(Languages.ENGLISH);
    private int acronymSupport = DEFAULT_ACRONYM_SUPPORT;
    private Similarity floor = new Similarity(DEFAULT_FLOOR);
    private int deepestRank = DEFAULT_DEEPEST_RANK;
    private boolean comparesWordings = true;

    private Builder(Verifier verifier) {
      this.verifier = Objects.requireNonNull(verifier, "verifier");
    }

    /** Sets the bound on wrong answers. Default: {@link WrongAnswerBound#defaults}. */
    public Builder bound(WrongAnswerBound bound) {
      this.bound = Objects.requireNonNull(bound, "bound");
      return this;
    }

    /** Sets the calibration of the verifier's scores. Default: {@link Verifier#calibration}. */
    public Builder calibration(Calibration calibration) {
      this.calibration = Objects.requireNonNull(calibration, "calibration");
      return this;
    }

    /** Sets the guards, in the order in which they run. Default: {@link Guard#all}. */
    public Builder guards(List<Guard> guards) {
      this.guards = List.copyOf(Objects.requireNonNull(guards, "guards"));
      return this;
    }

    /**
     * Switches off guards by {@linkplain Guard#label label}, such as "names", of those set before.
     * The verifier then decides on a difference of that kind. Default: none.
     *
     * @throws IllegalArgumentException if there is no such guard; the message lists all labels
     */
    public Builder withoutGuards(Set<String> labels) {
      List<Guard> off =
          Objects.requireNonNull(labels, "labels").stream().sorted().map(Guard::labelled).toList();
      guards = guards.stream().filter(guard -> !off.contains(guard)).toList();
      return this;
    }

    /**
     * Sets acronyms and their long forms, for every scope. They override the shipped acronyms (RAG,
     * MFA, VPN and some forty others) and learned ones. Map an acronym to itself to leave it
     * unchanged. Default: none.
     *
     * @param glossary long forms by acronym, as they are written
     * @throws IllegalArgumentException if an acronym or a long form is blank
     */
    public Builder glossary(Map<String, String> glossary) {
      Map<String, String> copy = Map.copyOf(Objects.requireNonNull(glossary, "glossary"));
      copy.keySet().forEach(acronym -> Checks.notBlank("acronym of the glossary", acronym));
      copy.forEach((acronym, form) -> Checks.notBlank("long form of " + acronym, form));
      this.glossary = copy;
      return this;
    }

    /**
     * Sets how many different questions must agree on an acronym's long form before the search uses
     * it. Their answers are counted, per scope. Acronyms of the glossary need none.
     *
     * @param entries from 1 to 100. Default: {@value VerifiedMatcher#DEFAULT_ACRONYM_SUPPORT}
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder acronymSupport(int entries) {
      acronymSupport = Checks.inRange("acronym support", entries, 1, Acronyms.SUPPORT);
      return this;
    }

    /**
     * Sets the languages of the embedder, the verifier and its calibration. Questions in any other
     * language are matched by the same words only. Add a language only if your embedder and your
     * calibration support it.
     *
     * @param codes ISO 639-1 codes; "und" for an unknown language, "mul" for a pair in two
     *     languages. Default: "en"
     * @throws IllegalArgumentException if it is empty, or has a code that is never detected; the
     *     message lists all codes
     */
    public Builder languages(Set<String> codes) {
      languages = Languages.detected(codes);
      return this;
    }

    /**
     * Sets the lowest cosine of a candidate that can be accepted.
     *
     * @param cosine from -1 to 1. Default: {@value VerifiedMatcher#DEFAULT_FLOOR}
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder floor(double cosine) {
      floor = new Similarity(cosine);
      return this;
    }

    /**
     * Sets how many of the nearest candidates the verifier reads at most.
     *
     * @param rank from 1 to 100. Default: {@value VerifiedMatcher#DEFAULT_DEEPEST_RANK}
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder deepestRank(int rank) {
      deepestRank = Checks.inRange("deepest rank", rank, 1, 100);
      return this;
    }

    /**
     * Lets the verifier read pairs that differ in their wording only: question frames, articles,
     * spellings. Default: such a pair is accepted without the verifier if the bound allows a
     * confidence of {@value VerifiedMatcher#WORDING_CONFIDENCE}.
     */
    public Builder withoutWordings() {
      comparesWordings = false;
      return this;
    }

    /** Builds the matcher. */
    public VerifiedMatcher build() {
      return new VerifiedMatcher(this);
    }
  }
}
