package dev.reprise.policy;

import dev.reprise.key.internal.Canonicalizer;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.ModelPattern;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.UnsetTemperature;
import dev.reprise.model.UseCase;
import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The policy by use case; see {@link CachePolicy#builder}. */
public final class UseCasePolicy implements CachePolicy {
  /** The highest explicit sampling temperature that is cached: {@value}. */
  public static final double DEFAULT_MAXIMUM_TEMPERATURE = 0;

  /** How a request without a temperature is handled: {@link UnsetTemperature#ZERO}. */
  public static final UnsetTemperature DEFAULT_WHEN_TEMPERATURE_IS_UNSET = UnsetTemperature.ZERO;

  /**
   * The models that take no temperature, as patterns of {@link ModelPattern}: OpenAI's reasoning
   * and search models.
   */
  public static final List<String> DEFAULT_MODELS_WITHOUT_TEMPERATURE =
      List.of("gpt-5*", "o1*", "o3*", "o4*", "*-search-preview*");

  /** The longest payload that is stored, in characters: {@value}. */
  public static final int DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS = 1 << 20;

  private final Map<UseCase, UseCaseRule> rules;
  private final QuestionRules questionRules;
  private final AnswerChecks answerChecks;
  private final Temperatures temperatures;
  private final Set<Completion> stored;
  private final int maximumPayloadCharacters;
  private final Modes modes;

  private UseCasePolicy(Builder builder) {
    this.modes = builder.modes.copy();
    this.rules = Map.copyOf(builder.rules);
    this.questionRules = new QuestionRules(builder.questionRules);
    this.answerChecks = new AnswerChecks(builder.answerRules);
    this.temperatures =
        new Temperatures(
            builder.highest,
            builder.whenUnset,
            builder.unsetByModel,
            builder.unsetByUseCase,
            builder.withoutTemperature);
    this.stored = Set.copyOf(builder.stored);
    this.maximumPayloadCharacters = builder.maximumPayloadCharacters;
  }

  @Override
  public Plan plan(CacheRequest request) {
    Plan plan = outline(request);
    if (plan instanceof Plan.Bypass) {
      return plan;
    }
    Optional<Reason> objection = screen(request);
    return objection.isPresent() ? new Plan.Bypass(objection.get()) : plan;
  }

  @Override
  public Optional<Mode> mode(CacheRequest request) {
    return modes.of(request);
  }

  @Override
  public Optional<Reason> screen(CacheRequest request) {
    return questionRules.first(Canonicalizer.questionText(request)).map(UseCasePolicy::recognised);
  }

  private static Reason recognised(QuestionRule rule) {
    String why = rule.reason().isEmpty() ? "" : ": " + rule.reason();
    return new Reason(rule.code(), "the question matches the rule '" + rule.name() + "'" + why);
  }

  @Override
  public Plan outline(CacheRequest request) {
    CacheControl control = request.control();
    if (control.has(Directive.NO_CACHE) && control.has(Directive.NO_STORE)) {
      return bypass(Reason.Code.CALLER, "the caller asked for no-cache and no-store");
    }
    UseCaseRule rule = rules.get(request.useCase());
    if (rule == null) {
      return bypass(
          Reason.Code.UNKNOWN_USE_CASE,
          "use case '" + request.useCase().name() + "' has no rule; configured are " + names());
    }
    if (rule instanceof UseCaseRule.Never never) {
      return bypass(never.code(), "use case '" + request.useCase().name() + "' is never cached");
    }
    UseCaseRule.Cached cached = (UseCaseRule.Cached) rule;
    Temperatures.Decision decision = temperatures.decide(request);
    if (decision instanceof Temperatures.Decision.Bypassed bypassed) {
      return new Plan.Bypass(bypassed.reason());
    }
    if (cached.binding() == UseCaseRule.Binding.DOCUMENTS && request.documents().isEmpty()) {
      return bypass(
          Reason.Code.NO_DOCUMENTS,
          "use case '"
              + request.useCase().name()
              + "' needs the identifier and version of each document");
    }
    Plan.Terms terms =
        terms(control, cached, ((Temperatures.Decision.Cached) decision).temperature());
    return cached.matching() == UseCaseRule.Matching.EXACT
        ? new Plan.ExactOnly(terms)
        : new Plan.ExactThenSemantic(terms);
  }

  private static Plan.Terms terms(
      CacheControl control, UseCaseRule.Cached rule, UpstreamTemperature temperature) {
    Duration maximumAge =
        control.maximumAge().compareTo(rule.timeToLive()) < 0
            ? control.maximumAge()
            : rule.timeToLive();
    return new Plan.Terms(
        control.has(Directive.NO_CACHE) ? Plan.Reading.SKIP : Plan.Reading.LOOK_UP,
        control.has(Directive.NO_STORE) ? Plan.Writing.SKIP : Plan.Writing.STORE,
        control.has(Directive.ONLY_IF_CACHED) ? Plan.OnMiss.REPORT : Plan.OnMiss.CALL_UPSTREAM,
        maximumAge,
        temperature);
  }

  @Override
  public Admission admit(CacheRequest request, Answer answer, Instant now) {
    if (!(rules.get(request.useCase()) instanceof UseCaseRule.Cached rule)) {
      return skip(Reason.Code.UNKNOWN_USE_CASE, "the use case is not cached");
    }
    if (!stored.contains(answer.completion())) {
      return refuse(answer);
    }
    if (answer.text().isBlank() && answer.completion() != Completion.TOOL_CALLS) {
      return skip(Reason.Code.EMPTY, AnswerEnding.empty(answer));
    }
    if (answer.payload().length() > maximumPayloadCharacters) {
      return skip(
          Reason.Code.TOO_LARGE,
          "the answer has "
              + answer.payload().length()
              + " characters, more than maximumPayloadCharacters "
              + maximumPayloadCharacters);
    }
    Optional<Reason> fault = answerChecks.fault(request, answer);
    if (fault.isPresent()) {
      return new Admission.Skip(fault.get());
    }
    Duration timeToLive = rule.timeToLive();
    if (request.control().timeToLive() instanceof CacheControl.TimeToLive.Exactly asked
        && asked.duration().compareTo(timeToLive) < 0) {
      timeToLive = asked.duration();
    }
    Set<Tag> tags = new LinkedHashSet<>(request.control().tags());
    for (Document document : request.documents()) {
      tags.add(Tag.document(document.id()));
    }
    for (Document document : answer.documents()) {
      tags.add(Tag.document(document.id()));
    }
    return new Admission.Store(timeToLive, tags);
  }

  private static Admission refuse(Answer answer) {
    return switch (answer.completion()) {
      case TRUNCATED -> skip(Reason.Code.TRUNCATED, "the answer was cut off at the token limit");
      case FILTERED -> skip(Reason.Code.FILTERED, "the provider's content filter took it");
      case REFUSED -> skip(Reason.Code.REFUSED, "the model or the provider refused");
      case TOOL_CALLS -> skip(Reason.Code.TOOL_CALLS, "the answer asks for tools to be called");
      case UNKNOWN_SOURCE ->
          skip(
              Reason.Code.NO_DOCUMENTS,
              "a source of the answer has no identifier and version, so nobody could tell when the"
                  + " answer is out of date");
      case COMPLETE, OTHER -> skip(Reason.Code.INCOMPLETE, AnswerEnding.unknown(answer));
    };
  }

  private static Admission skip(Reason.Code code, String detail) {
    return new Admission.Skip(new Reason(code, detail));
  }

  private static Plan bypass(Reason.Code code, String detail) {
    return new Plan.Bypass(new Reason(code, detail));
  }

  private List<String> names() {
    return rules.keySet().stream().map(UseCase::name).sorted().toList();
  }

  /** Collects the options of a {@link UseCasePolicy}. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<UseCase, UseCaseRule> rules = new LinkedHashMap<>();
    private List<QuestionRule> questionRules = QuestionRule.defaults();
    private List<AnswerRule> answerRules = AnswerRule.defaults();
    private Temperatures.Highest highest =
        new Temperatures.Highest.AtMost(DEFAULT_MAXIMUM_TEMPERATURE);
    private UnsetTemperature whenUnset = DEFAULT_WHEN_TEMPERATURE_IS_UNSET;
    private final List<Temperatures.OfModel> unsetByModel = new ArrayList<>();
    private final Map<UseCase, UnsetTemperature> unsetByUseCase = new LinkedHashMap<>();
    private List<ModelPattern> withoutTemperature = patterns(DEFAULT_MODELS_WITHOUT_TEMPERATURE);
    private final Set<Completion> stored = EnumSet.of(Completion.COMPLETE);
    private int maximumPayloadCharacters = DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS;
    private final Modes modes = new Modes();

    Builder() {
      rule(UseCaseRule.question());
      rule(UseCaseRule.faq());
      rule(UseCaseRule.documentSummary());
      rule(UseCaseRule.queryReformulation());
      rule(UseCaseRule.creative());
      rule(UseCaseRule.dynamic());
    }

    /** Sets the rule of a use case. Replaces an earlier one. */
    public Builder rule(UseCaseRule rule) {
      Objects.requireNonNull(rule, "rule");
      rules.put(rule.useCase(), rule);
      return this;
    }

    /**
     * Sets the mode of all requests for which neither their scope nor their use case has one.
     * Default: the engine's.
     */
    public Builder mode(Mode mode) {
      modes.set(Objects.requireNonNull(mode, "mode"));
      return this;
    }

    /** Sets the mode of a use case. The mode of a scope takes precedence. */
    public Builder mode(UseCase useCase, Mode mode) {
      modes.set(Objects.requireNonNull(useCase, "useCase"), Objects.requireNonNull(mode, "mode"));
      return this;
    }

    /** Sets the mode of a scope. It takes precedence over every other. */
    public Builder mode(Scope scope, Mode mode) {
      modes.set(Objects.requireNonNull(scope, "scope"), Objects.requireNonNull(mode, "mode"));
      return this;
    }

    /**
     * Sets a function that returns the mode of a scope for which {@link #mode(Scope, Mode)} is not
     * set. It is called for each request, and must be pure and fast. Default: it returns none.
     *
     * @param modes returns the mode of a scope, or empty for the mode of the use case
     */
    public Builder modes(Function<Scope, Optional<Mode>> modes) {
      this.modes.set(Objects.requireNonNull(modes, "modes"));
      return this;
    }

    /**
     * Sets the rules that recognise a question which must not be cached. Default: {@link
     * QuestionRule#defaults}.
     */
    public Builder questionRules(List<QuestionRule> questionRules) {
      this.questionRules = List.copyOf(Objects.requireNonNull(questionRules, "questionRules"));
      return this;
    }

    /**
     * Sets the rules that recognise an answer which must not be stored, by its words. Default:
     * {@link AnswerRule#defaults}.
     */
    public Builder answerRules(List<AnswerRule> answerRules) {
      Objects.requireNonNull(answerRules, "answerRules");
      this.answerRules = List.copyOf(answerRules);
      return this;
    }

    /** Adds answer rules behind those that are set so far. */
    public Builder alsoAnswerRules(List<AnswerRule> more) {
      Objects.requireNonNull(more, "more");
      List<AnswerRule> all = new ArrayList<>(answerRules);
      all.addAll(more);
      this.answerRules = List.copyOf(all);
      return this;
    }

    /**
     * Switches off answer rules that are set so far.
     *
     * @param namesOrKinds {@code "refusal.en"}, or {@code "refusal"} for every language
     * @throws IllegalArgumentException if there is no such rule; the message lists the kinds
     */
    public Builder withoutAnswerRules(String... namesOrKinds) {
      Objects.requireNonNull(namesOrKinds, "namesOrKinds");
      this.answerRules = AnswerRule.without(answerRules, Set.of(namesOrKinds));
      return this;
    }

    /** Adds rules behind those that are set so far. */
    public Builder alsoQuestionRules(List<QuestionRule> more) {
      Objects.requireNonNull(more, "more");
      List<QuestionRule> all = new ArrayList<>(questionRules);
      all.addAll(more);
      this.questionRules = List.copyOf(all);
      return this;
    }

    /**
     * Switches off question rules that are set so far.
     *
     * @param namesOrKinds {@code "weather.en"}, or {@code "weather"} for every language
     * @throws IllegalArgumentException if there is no such rule; the message lists the kinds
     */
    public Builder withoutQuestionRules(String... namesOrKinds) {
      Objects.requireNonNull(namesOrKinds, "namesOrKinds");
      this.questionRules = QuestionRule.without(questionRules, Set.of(namesOrKinds));
      return this;
    }

    /**
     * Sets the highest explicit sampling temperature that is cached. A request with a higher one
     * bypasses the cache. Default: {@value UseCasePolicy#DEFAULT_MAXIMUM_TEMPERATURE}.
     *
     * @param temperature from 0 to 2
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumTemperature(double temperature) {
      this.highest =
          new Temperatures.Highest.AtMost(Checks.inRange("maximumTemperature", temperature, 0, 2));
      return this;
    }

    /**
     * Caches every explicit sampling temperature. Requests without one are sent unchanged: {@link
     * UnsetTemperature#AS_IS}.
     */
    public Builder anyTemperature() {
      this.highest = new Temperatures.Highest.Any();
      this.whenUnset = UnsetTemperature.AS_IS;
      return this;
    }

    /**
     * Sets how a request without a temperature is handled. Default: {@link
     * UseCasePolicy#DEFAULT_WHEN_TEMPERATURE_IS_UNSET}. Precedence: the request's own choice
     * ({@link CacheControl#withUnsetTemperature}), its use case, its model, this one.
     */
    public Builder whenTemperatureIsUnset(UnsetTemperature choice) {
      this.whenUnset = Objects.requireNonNull(choice, "choice");
      return this;
    }

    /**
     * Sets what is done with a request that sets no temperature, for some models. The first pattern
     * that fits counts. It is compared with the whole name, and with what follows the last slash.
     *
     * @param models a pattern of {@link ModelPattern}: "mistral-*"
     * @throws IllegalArgumentException if the pattern is blank
     */
    public Builder whenTemperatureIsUnset(String models, UnsetTemperature choice) {
      unsetByModel.add(
          new Temperatures.OfModel(
              ModelPattern.of(Objects.requireNonNull(models, "models")),
              Objects.requireNonNull(choice, "choice")));
      return this;
    }

    /** Sets what is done with a request of one use case that sets no temperature. */
    public Builder whenTemperatureIsUnset(UseCase useCase, UnsetTemperature choice) {
      unsetByUseCase.put(
          Objects.requireNonNull(useCase, "useCase"), Objects.requireNonNull(choice, "choice"));
      return this;
    }

    /**
     * Sets the models that take no temperature. Replaces the current list. With {@link
     * UnsetTemperature#ZERO} their requests are sent unchanged, and cached. Default: {@link
     * UseCasePolicy#DEFAULT_MODELS_WITHOUT_TEMPERATURE}.
     *
     * @param patterns patterns of {@link ModelPattern}, compared with the whole name, and with what
     *     follows the last slash
     * @throws IllegalArgumentException if one is blank
     */
    public Builder modelsWithoutTemperature(List<String> patterns) {
      this.withoutTemperature = patterns(Objects.requireNonNull(patterns, "patterns"));
      return this;
    }

    private static List<ModelPattern> patterns(List<String> globs) {
      return globs.stream().map(ModelPattern::of).toList();
    }

    /** Stores answers that ended this way, too. Default: {@link Completion#COMPLETE} only. */
    public Builder alsoStore(Completion completion) {
      stored.add(Objects.requireNonNull(completion, "completion"));
      return this;
    }

    /**
     * Sets the longest payload that is stored. Default: {@value
     * UseCasePolicy#DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS}.
     *
     * @param characters from 1 to 1,073,741,823
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumPayloadCharacters(int characters) {
      this.maximumPayloadCharacters =
          Checks.inRange("maximumPayloadCharacters", characters, 1, (1 << 30) - 1);
      return this;
    }

    /** Returns the policy. */
    public CachePolicy build() {
      return new UseCasePolicy(this);
    }
  }
}
