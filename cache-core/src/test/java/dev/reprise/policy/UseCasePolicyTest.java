package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Answer;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheControl.Directive;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Reason;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.model.UseCase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UseCasePolicyTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final CachePolicy DEFAULTS = CachePolicy.defaults();
  private static final String QUESTION = "How do I reset my password?";

  private static CacheRequest.Builder request(UseCase useCase) {
    return CacheRequest.builder(Scope.of("acme")).user(QUESTION).useCase(useCase);
  }

  private static CacheRequest cold(UseCase useCase) {
    return request(useCase).temperature(0).document(new Document("terms", "3")).build();
  }

  // --- the use-case table -----------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "question,            ExactThenSemantic, PT24H",
    "faq,                 ExactOnly,         PT24H",
    "document-summary,    ExactOnly,         PT720H",
    "query-reformulation, ExactThenSemantic, PT1H",
  })
  void aCachedUseCase(String useCase, String plan, Duration timeToLive) {
    CacheRequest request = cold(new UseCase(useCase));
    assertThat(DEFAULTS.plan(request).getClass().getSimpleName()).isEqualTo(plan);
    assertThat(terms(DEFAULTS.plan(request)))
        .isEqualTo(
            new Plan.Terms(
                Plan.Reading.LOOK_UP, Plan.Writing.STORE, Plan.OnMiss.CALL_UPSTREAM, timeToLive));
    assertThat(stored(DEFAULTS.admit(request, Answer.ofText("yes"), NOW)).timeToLive())
        .isEqualTo(timeToLive);
  }

  @ParameterizedTest
  @CsvSource({"creative, CREATIVE", "dynamic, DYNAMIC"})
  void aUseCaseThatIsNeverCached(String useCase, Reason.Code code) {
    CacheRequest request = cold(new UseCase(useCase));
    assertThat(DEFAULTS.plan(request))
        .isEqualTo(bypass(code, "use case '" + useCase + "' is never cached"));
    assertThat(skipped(DEFAULTS.admit(request, Answer.ofText("yes"), NOW)))
        .isEqualTo(Reason.Code.UNKNOWN_USE_CASE);
  }

  @Test
  void faqIsKeptFromOneDayToThree() {
    for (Duration kept : new Duration[] {Duration.ofHours(24), Duration.ofDays(3)}) {
      CachePolicy policy = CachePolicy.builder().rule(UseCaseRule.faq(kept)).build();
      assertThat(stored(policy.admit(cold(UseCase.FAQ), Answer.ofText("yes"), NOW)).timeToLive())
          .isEqualTo(kept);
    }
    for (Duration kept : new Duration[] {Duration.ofHours(23), Duration.ofHours(73)}) {
      assertThatThrownBy(() -> UseCaseRule.faq(kept))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("time to live of faq is " + kept + ", but must be from PT24H to PT72H");
    }
  }

  @Test
  void aSummaryNeedsTheVersionsOfItsDocuments() {
    CacheRequest without = request(UseCase.DOCUMENT_SUMMARY).temperature(0).build();
    assertThat(DEFAULTS.plan(without))
        .isEqualTo(
            bypass(
                Reason.Code.NO_DOCUMENTS,
                "use case 'document-summary' needs the identifier and version of each document"));
    assertThat(
            stored(DEFAULTS.admit(cold(UseCase.DOCUMENT_SUMMARY), Answer.ofText("a"), NOW)).tags())
        .containsExactly(Tag.document("terms"));
  }

  @Test
  void aUseCaseWithoutARuleIsNotCached() {
    assertThat(DEFAULTS.plan(cold(new UseCase("support"))))
        .isEqualTo(
            bypass(
                Reason.Code.UNKNOWN_USE_CASE,
                "use case 'support' has no rule; configured are [creative, document-summary,"
                    + " dynamic, faq, query-reformulation, question]"));
  }

  @Test
  void aUseCaseOfOnesOwn() {
    UseCase support = new UseCase("support");
    CachePolicy policy =
        CachePolicy.builder()
            .rule(
                new UseCaseRule.Cached(
                    support,
                    UseCaseRule.Matching.EXACT,
                    UseCaseRule.Binding.FREE,
                    Duration.ofMinutes(5)))
            .build();
    assertThat(terms(policy.plan(cold(support))).maximumAge()).isEqualTo(Duration.ofMinutes(5));
  }

  // --- a dynamic or creative question inside a cacheable use case -------------------------------

  @ParameterizedTest
  @CsvSource({
    "What is the weather now?, DYNAMIC, weather.en, the weather changes by the hour",
    "Wie spät ist es?, DYNAMIC, time.de, the time and the date change",
    "Write me a poem, CREATIVE, writing.en, a creative text is wanted anew each time"
  })
  void aQuestionThatMustNotBeCachedBypasses(
      String question, Reason.Code code, String rule, String why) {
    CacheRequest request =
        CacheRequest.builder(Scope.of("acme")).user(question).temperature(0).build();
    assertThat(DEFAULTS.plan(request))
        .isEqualTo(bypass(code, "the question matches the rule '" + rule + "': " + why));
    assertThat(DEFAULTS.plan(request).toString()).doesNotContain(question);
  }

  @Test
  void questionRulesAreSwitchedOffByNameAndByKind() {
    CachePolicy noWeather = CachePolicy.builder().withoutQuestionRules("weather").build();
    CachePolicy noGermanTime = CachePolicy.builder().withoutQuestionRules("time.de").build();
    assertThat(noWeather.plan(asked("What is the weather now?")))
        .isInstanceOf(Plan.ExactThenSemantic.class);
    assertThat(noWeather.plan(asked("Regnet es gerade?")))
        .isInstanceOf(Plan.ExactThenSemantic.class);
    assertThat(noWeather.plan(asked("What time is it?"))).isInstanceOf(Plan.Bypass.class);
    assertThat(noGermanTime.plan(asked("Wie spät ist es?")))
        .isInstanceOf(Plan.ExactThenSemantic.class);
    assertThat(noGermanTime.plan(asked("What time is it?"))).isInstanceOf(Plan.Bypass.class);
    assertThatThrownBy(() -> CachePolicy.builder().withoutQuestionRules("wether"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no question rule 'wether'; there are [account, again,");
  }

  @Test
  void questionRulesAreExtendedByAFile() {
    CachePolicy policy =
        CachePolicy.builder()
            .alsoQuestionRules(
                QuestionRule.read(
                    "own.txt",
                    "",
                    "rule stock-level\nreason stock changes\nwords lager\nmatch \\bauf lager\\b"))
            .build();
    assertThat(policy.plan(asked("Ist das Modell X auf Lager?")))
        .isEqualTo(
            bypass(
                Reason.Code.DYNAMIC, "the question matches the rule 'stock-level': stock changes"));
    assertThat(policy.plan(asked("What time is it?"))).isInstanceOf(Plan.Bypass.class);
    assertThatThrownBy(() -> QuestionRule.read("own.txt", "", "rule a\nmatsch b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("own.txt:2: there is no statement \"matsch\"");
    assertThatThrownBy(() -> QuestionRule.read("own.txt", "", "rule a\nmatch ("))
        .hasMessageStartingWith("own.txt:2: is no regular expression");
    assertThatThrownBy(() -> QuestionRule.read("own.txt", "", "rule a\n"))
        .hasMessage("own.txt:1: rule a has no match");
  }

  private static CacheRequest asked(String question) {
    return CacheRequest.builder(Scope.of("acme")).user(question).temperature(0).build();
  }

  // --- what the caller asks for -----------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "false, false, false",
    "false, false, true",
    "false, true, false",
    "false, true, true",
    "true, false, false",
    "true, false, true",
    "true, true, false",
    "true, true, true",
  })
  void everySetOfDirectives(boolean noCache, boolean noStore, boolean onlyIfCached) {
    CacheControl control = CacheControl.DEFAULT;
    control = noCache ? control.with(Directive.NO_CACHE) : control;
    control = noStore ? control.with(Directive.NO_STORE) : control;
    control = onlyIfCached ? control.with(Directive.ONLY_IF_CACHED) : control;
    Plan plan = DEFAULTS.plan(cold(UseCase.FAQ).withControl(control));
    if (noCache && noStore) {
      assertThat(plan)
          .isEqualTo(bypass(Reason.Code.CALLER, "the caller asked for no-cache and no-store"));
      return;
    }
    assertThat(terms(plan).reading()).isEqualTo(noCache ? Plan.Reading.SKIP : Plan.Reading.LOOK_UP);
    assertThat(terms(plan).writing()).isEqualTo(noStore ? Plan.Writing.SKIP : Plan.Writing.STORE);
    assertThat(terms(plan).onMiss())
        .isEqualTo(
            control.has(Directive.ONLY_IF_CACHED) ? Plan.OnMiss.REPORT : Plan.OnMiss.CALL_UPSTREAM);
  }

  @Test
  void theMaximumAgeIsTheShorterOfTheCallersAndTheRules() {
    CacheRequest request = cold(UseCase.FAQ);
    assertThat(terms(DEFAULTS.plan(request.withControl(age(Duration.ofMinutes(1))))).maximumAge())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(terms(DEFAULTS.plan(request.withControl(age(Duration.ZERO)))).maximumAge())
        .isEqualTo(Duration.ZERO);
    assertThat(terms(DEFAULTS.plan(request.withControl(age(Duration.ofDays(9))))).maximumAge())
        .isEqualTo(Duration.ofHours(24));
  }

  private static CacheControl age(Duration age) {
    return CacheControl.DEFAULT.withMaximumAge(age);
  }

  @ParameterizedTest
  @CsvSource({"PT1S, PT1S", "PT24H, PT24H", "PT48H, PT24H"})
  void theCallerShortensTheTimeToLiveAndDoesNotLengthenIt(Duration asked, Duration kept) {
    CacheRequest request =
        cold(UseCase.FAQ).withControl(CacheControl.DEFAULT.withTimeToLive(asked));
    assertThat(stored(DEFAULTS.admit(request, Answer.ofText("yes"), NOW)).timeToLive())
        .isEqualTo(kept);
  }

  // --- what is stored ---------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(Completion.class)
  void onlyACompleteAnswerIsStored(Completion completion) {
    Admission admission = DEFAULTS.admit(cold(UseCase.FAQ), answer("text", completion), NOW);
    switch (completion) {
      case COMPLETE -> assertThat(admission).isInstanceOf(Admission.Store.class);
      case TRUNCATED -> assertThat(skipped(admission)).isEqualTo(Reason.Code.TRUNCATED);
      case FILTERED -> assertThat(skipped(admission)).isEqualTo(Reason.Code.FILTERED);
      case REFUSED -> assertThat(skipped(admission)).isEqualTo(Reason.Code.REFUSED);
      case TOOL_CALLS -> assertThat(skipped(admission)).isEqualTo(Reason.Code.TOOL_CALLS);
      case UNKNOWN_SOURCE -> assertThat(skipped(admission)).isEqualTo(Reason.Code.NO_DOCUMENTS);
      case OTHER -> assertThat(skipped(admission)).isEqualTo(Reason.Code.INCOMPLETE);
    }
    CachePolicy all = CachePolicy.builder().alsoStore(completion).build();
    assertThat(all.admit(cold(UseCase.FAQ), answer("text", completion), NOW))
        .isInstanceOf(Admission.Store.class);
  }

  @Test
  void anEmptyAnswerIsStoredOnlyIfItCallsTools() {
    CachePolicy policy = CachePolicy.builder().alsoStore(Completion.TOOL_CALLS).build();
    assertThat(skipped(policy.admit(cold(UseCase.FAQ), answer(" \n", Completion.COMPLETE), NOW)))
        .isEqualTo(Reason.Code.EMPTY);
    assertThat(policy.admit(cold(UseCase.FAQ), answer("", Completion.TOOL_CALLS), NOW))
        .isInstanceOf(Admission.Store.class);
  }

  @Test
  void anAnswerThatIsTooLargeIsNotStored() {
    CachePolicy policy = CachePolicy.builder().maximumPayloadCharacters(4).build();
    assertThat(policy.admit(cold(UseCase.FAQ), Answer.ofText("four"), NOW))
        .isInstanceOf(Admission.Store.class);
    assertThat(policy.admit(cold(UseCase.FAQ), Answer.ofText("fives"), NOW))
        .isEqualTo(
            new Admission.Skip(
                new Reason(
                    Reason.Code.TOO_LARGE,
                    "the answer has 5 characters, more than maximumPayloadCharacters 4")));
  }

  @Test
  void theTagsAreTheCallersAndThoseOfAllDocuments() {
    CacheRequest request =
        cold(UseCase.FAQ).withControl(CacheControl.DEFAULT.with(Tag.of("spring")));
    Answer answer =
        new Answer(
            "yes",
            "yes",
            Completion.COMPLETE,
            new TokenUsage.Unknown(),
            Set.of(new Document("retrieved", "1")));
    assertThat(stored(DEFAULTS.admit(request, answer, NOW)).tags())
        .containsExactlyInAnyOrder(
            Tag.of("spring"), Tag.document("terms"), Tag.document("retrieved"));
  }

  // --- options ----------------------------------------------------------------------------------

  @Test
  void theDefaults() {
    assertThat(UseCasePolicy.DEFAULT_MAXIMUM_TEMPERATURE).isEqualTo(0);
    assertThat(UseCasePolicy.DEFAULT_MAXIMUM_PAYLOAD_CHARACTERS).isEqualTo(1_048_576);
    assertThat(UseCaseRule.QUESTION_TIME_TO_LIVE).isEqualTo(Duration.ofHours(24));
    assertThat(UseCaseRule.FAQ_SHORTEST).isEqualTo(Duration.ofHours(24));
    assertThat(UseCaseRule.FAQ_LONGEST).isEqualTo(Duration.ofDays(3));
    assertThat(UseCaseRule.DOCUMENT_SUMMARY_TIME_TO_LIVE).isEqualTo(Duration.ofDays(30));
    assertThat(UseCaseRule.QUERY_REFORMULATION_TIME_TO_LIVE).isEqualTo(Duration.ofHours(1));
    assertThat(QuestionRule.LONGEST_TEXT).isEqualTo(2_000);
    assertThat(QuestionRule.defaults())
        .extracting(QuestionRule::name)
        .doesNotHaveDuplicates()
        .contains("weather.en", "weather.zh");
    for (String language : List.of("en", "de", "fr", "es", "it", "pt", "zh")) {
      assertThat(QuestionRule.defaults())
          .filteredOn(rule -> rule.name().endsWith("." + language))
          .extracting(QuestionRule::kind)
          .containsExactlyInAnyOrder(
              "weather",
              "time",
              "price",
              "news",
              "status",
              "writing",
              "chance",
              "one-time-value",
              "account",
              "command",
              "again");
    }
  }

  @Test
  void aWrongOptionIsNamedWithItsValueAndItsRange() {
    UseCasePolicy.Builder builder = CachePolicy.builder();
    assertThatThrownBy(() -> builder.maximumTemperature(2.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maximumTemperature is 2.5, but must be from 0.0 to 2.0");
    assertThatThrownBy(() -> builder.maximumTemperature(Double.NaN))
        .hasMessage("maximumTemperature is NaN, but must be from 0.0 to 2.0");
    assertThatThrownBy(() -> builder.maximumPayloadCharacters(0))
        .hasMessage("maximumPayloadCharacters is 0, but must be from 1 to 1073741823");
    assertThatThrownBy(
            () ->
                new UseCaseRule.Cached(
                    UseCase.FAQ,
                    UseCaseRule.Matching.EXACT,
                    UseCaseRule.Binding.FREE,
                    Duration.ZERO))
        .hasMessage("time to live of faq is PT0S, but must be longer than zero");
  }

  private static Answer answer(String text, Completion completion) {
    return new Answer(text, text, completion, new TokenUsage.Unknown(), Set.of());
  }

  private static Plan bypass(Reason.Code code, String detail) {
    return new Plan.Bypass(new Reason(code, detail));
  }

  private static Plan.Terms terms(Plan plan) {
    return plan instanceof Plan.ExactOnly exact
        ? exact.terms()
        : ((Plan.ExactThenSemantic) plan).terms();
  }

  private static Admission.Store stored(Admission admission) {
    return (Admission.Store) admission;
  }

  private static Reason.Code skipped(Admission admission) {
    return ((Admission.Skip) admission).reason().code();
  }
}
