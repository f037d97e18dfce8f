package dev.reprise.policy;

import dev.reprise.key.Canonicalizer;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Checks;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import dev.reprise.model.Tag;
import dev.reprise.model.UseCase;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** The policy by use case; see {@link CachePolicy#builder}. */
public final class UseCasePolicy implements CachePolicy {
  /** The highest sampling temperature that is cached: {@value}. */
  public static final double DEFAULT_MAXIMUM_TEMPERATURE = 0;

  /** The longest payload that is stored, in characters: {@value}. */
  public static final int DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS = 1 << 20;

  private final Map<UseCase, UseCaseRule> rules;
  private final QuestionRules questionRules;
  private final Temperature temperature;
  private final Set<Completion> stored;
  private final int maximumPayloadCharacters;

  private UseCasePolicy(Builder builder) {
    this.rules = Map.copyOf(builder.rules);
    this.questionRules = new QuestionRules(builder.questionRules);
    this.temperature = builder.temperature;
    this.stored = Set.copyOf(builder.stored);
    this.maximumPayloadCharacters = builder.maximumPayloadCharacters;
  }

  @Override
  public Plan plan(CacheRequest request) {
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
    if (!temperature.allows(request.temperature())) {
      return bypass(Reason.Code.NOT_DETERMINISTIC, temperature.refusal(request.temperature()));
    }
    if (cached.binding() == UseCaseRule.Binding.DOCUMENTS && request.documents().isEmpty()) {
      return bypass(
          Reason.Code.NO_DOCUMENTS,
          "use case '"
              + request.useCase().name()
              + "' needs the identifier and version of each document");
    }
    Optional<QuestionRule> found = questionRules.first(Canonicalizer.questionText(request));
    if (found.isPresent()) {
      return bypass(
          found.get().code(), "the question matches the rule '" + found.get().name() + "'");
    }
    Plan.Terms terms = terms(control, cached);
    return cached.matching() == UseCaseRule.Matching.EXACT
        ? new Plan.ExactOnly(terms)
        : new Plan.ExactThenSemantic(terms);
  }

  private static Plan.Terms terms(CacheControl control, UseCaseRule.Cached rule) {
    Duration maximumAge =
        control.maximumAge().compareTo(rule.timeToLive()) < 0
            ? control.maximumAge()
            : rule.timeToLive();
    return new Plan.Terms(
        control.has(Directive.NO_CACHE) ? Plan.Reading.SKIP : Plan.Reading.LOOK_UP,
        control.has(Directive.NO_STORE) ? Plan.Writing.SKIP : Plan.Writing.STORE,
        control.has(Directive.ONLY_IF_CACHED) ? Plan.OnMiss.REPORT : Plan.OnMiss.CALL_UPSTREAM,
        maximumAge);
  }

  @Override
  public Admission admit(CacheRequest request, Answer answer, Instant now) {
    if (!(rules.get(request.useCase()) instanceof UseCaseRule.Cached rule)) {
      return skip(Reason.Code.UNKNOWN_USE_CASE, "the use case is not cached");
    }
    if (!stored.contains(answer.completion())) {
      return refuse(answer.completion());
    }
    if (answer.text().isBlank() && answer.completion() != Completion.TOOL_CALLS) {
      return skip(Reason.Code.EMPTY, "the answer has no text");
    }
    if (answer.payload().length() > maximumPayloadCharacters) {
      return skip(
          Reason.Code.TOO_LARGE,
          "the answer has "
              + answer.payload().length()
              + " characters, more than maximumPayloadCharacters "
              + maximumPayloadCharacters);
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

  private static Admission refuse(Completion completion) {
    return switch (completion) {
      case TRUNCATED -> skip(Reason.Code.TRUNCATED, "the answer was cut off at the token limit");
      case FILTERED -> skip(Reason.Code.FILTERED, "the provider's content filter took it");
      case REFUSED -> skip(Reason.Code.REFUSED, "the model or the provider refused");
      case TOOL_CALLS -> skip(Reason.Code.TOOL_CALLS, "the answer asks for tools to be called");
      case COMPLETE, OTHER -> skip(Reason.Code.INCOMPLETE, "the answer did not end by completing");
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

  /** Which sampling temperatures are cached. */
  private sealed interface Temperature {
    boolean allows(OptionalDouble temperature);

    String refusal(OptionalDouble temperature);

    record AtMost(double maximum) implements Temperature {
      @Override
      public boolean allows(OptionalDouble temperature) {
        return temperature.isPresent()
            && temperature.getAsDouble() >= 0
            && temperature.getAsDouble() <= maximum;
      }

      @Override
      public String refusal(OptionalDouble temperature) {
        return temperature.isPresent()
            ? "temperature is "
                + temperature.getAsDouble()
                + ", but maximumTemperature allows from 0 to "
                + maximum
            : "temperature is not set, and no provider's default is 0; set temperature 0, or build the policy with anyTemperature()";
      }
    }

    record Any() implements Temperature {
      @Override
      public boolean allows(OptionalDouble temperature) {
        return true;
      }

      @Override
      public String refusal(OptionalDouble temperature) {
        return "";
      }
    }
  }

  /** Collects the options of a {@link UseCasePolicy}. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<UseCase, UseCaseRule> rules = new LinkedHashMap<>();
    private List<QuestionRule> questionRules = QuestionRule.defaults();
    private Temperature temperature = new Temperature.AtMost(DEFAULT_MAXIMUM_TEMPERATURE);
    private final Set<Completion> stored = EnumSet.of(Completion.COMPLETE);
    private int maximumPayloadCharacters = DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS;

    Builder() {
      rule(UseCaseRule.question());
      rule(UseCaseRule.faq());
      rule(UseCaseRule.documentSummary());
      rule(UseCaseRule.queryReformulation());
      rule(UseCaseRule.creative());
      rule(UseCaseRule.dynamic());
    }

    /** Sets the rule of a use case, in place of the one that it had. */
    public Builder rule(UseCaseRule rule) {
      rules.put(rule.useCase(), rule);
      return this;
    }

    /**
     * Sets the rules that recognise a question which must not be cached. Default: {@link
     * QuestionRule#defaults}.
     */
    public Builder questionRules(List<QuestionRule> questionRules) {
      this.questionRules = List.copyOf(questionRules);
      return this;
    }

    /**
     * Sets the highest sampling temperature that is cached; a request that sets none is not cached.
     * Default: {@value UseCasePolicy#DEFAULT_MAXIMUM_TEMPERATURE}.
     *
     * @param temperature from 0 to 2
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumTemperature(double temperature) {
      this.temperature =
          new Temperature.AtMost(Checks.inRange("maximumTemperature", temperature, 0, 2));
      return this;
    }

    /**
     * Caches every sampling temperature, and requests that set none: for models that do not take
     * one.
     */
    public Builder anyTemperature() {
      this.temperature = new Temperature.Any();
      return this;
    }

    /** Stores answers that ended this way, too. Default: {@link Completion#COMPLETE} only. */
    public Builder alsoStore(Completion completion) {
      stored.add(completion);
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
