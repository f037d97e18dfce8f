package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cli.demo.DemoQuestion.Label;
import dev.reprise.model.UseCase;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The built-in questions are a stream that is worth showing. */
class BuiltInQuestionsTest {
  private final List<DemoQuestion> questions = QuestionFile.builtIn();
  private final Answers answers = Answers.builtIn();

  @Test
  void thereAreEnoughOfThem() {
    assertThat(questions).hasSizeGreaterThanOrEqualTo(220);
    assertThat(questions)
        .extracting(DemoQuestion::number)
        .startsWith(1, 2, 3)
        .doesNotHaveDuplicates();
  }

  @Test
  void everyUseCaseOccurs() {
    assertThat(questions)
        .extracting(DemoQuestion::useCase)
        .contains(
            UseCase.QUESTION,
            UseCase.FAQ,
            UseCase.DOCUMENT_SUMMARY,
            UseCase.QUERY_REFORMULATION,
            UseCase.CREATIVE,
            UseCase.DYNAMIC);
  }

  @Test
  void everyLabelHasItsOwnAnswerAndEveryAnswerIsAskedFor() {
    Set<String> labels = questions.stream().map(this::label).collect(Collectors.toSet());
    assertThat(answers.labels()).isEqualTo(labels);
    assertThat(labels.stream().map(label -> answers.text(label).orElseThrow()).distinct())
        .hasSize(labels.size());
  }

  @Test
  void manyAreAskedAgainWordForWord() {
    long different = questions.stream().map(this::key).distinct().count();
    assertThat(questions.size() - different).isGreaterThan(80);
  }

  @Test
  void manyAreAskedAgainInOtherWords() {
    Map<String, Set<String>> wordings = new HashMap<>();
    for (DemoQuestion question : questions) {
      wordings.computeIfAbsent(label(question), label -> new HashSet<>()).add(question.text());
    }
    assertThat(wordings.values().stream().filter(texts -> texts.size() > 1)).hasSizeGreaterThan(40);
  }

  @Test
  void someDifferByAWordOrTwoAndHaveOtherAnswers() {
    Set<Set<String>> nearMisses = new HashSet<>();
    for (DemoQuestion one : questions) {
      for (DemoQuestion other : questions) {
        if (one.system().equals(other.system())
            && !label(one).equals(label(other))
            && differingWords(one.text(), other.text()) <= 2) {
          nearMisses.add(Set.of(label(one), label(other)));
        }
      }
    }
    assertThat(nearMisses)
        .hasSizeGreaterThan(20)
        .contains(
            Set.of("twofa-on", "twofa-off"),
            Set.of("ship-de", "ship-at"),
            Set.of("savings-to-current", "current-to-savings"),
            Set.of("charge-safe", "charge-unsafe"),
            Set.of("overdraft-500", "overdraft-5000"));
  }

  @Test
  void oneQuestionHasOneRightAnswer() {
    Map<String, String> labels = new HashMap<>();
    for (DemoQuestion question : questions) {
      String before = labels.putIfAbsent(key(question), label(question));
      assertThat(before == null ? label(question) : before)
          .as(question.text())
          .isEqualTo(label(question));
    }
  }

  @Test
  void aDocumentChangesOnTheWay() {
    Map<String, Set<String>> versions = new HashMap<>();
    for (DemoQuestion question : questions) {
      question
          .documents()
          .forEach(
              document ->
                  versions
                      .computeIfAbsent(document.id(), id -> new LinkedHashSet<>())
                      .add(document.version()));
    }
    assertThat(versions.get("terms-of-sale")).containsExactly("2026-03", "2026-11");
    assertThat(versions.get("price-list")).containsExactly("41", "42");
  }

  @Test
  void someAreWarmAndSomeAreDynamicInACacheableUseCase() {
    assertThat(questions).filteredOn(question -> question.temperature() > 0).hasSizeGreaterThan(4);
    assertThat(questions)
        .filteredOn(question -> answers.changes(label(question)))
        .extracting(DemoQuestion::useCase)
        .contains(UseCase.QUESTION, UseCase.DYNAMIC);
  }

  private String label(DemoQuestion question) {
    return ((Label.Known) question.label()).name();
  }

  private String key(DemoQuestion question) {
    return question.system() + "|" + question.documents() + "|" + question.text();
  }

  /** Returns how many words of either are not in the other, position by position. */
  private static int differingWords(String one, String other) {
    String[] first = one.toLowerCase(Locale.ROOT).split("\\W+");
    String[] second = other.toLowerCase(Locale.ROOT).split("\\W+");
    Set<String> firstOnly = new HashSet<>(Arrays.asList(first));
    firstOnly.removeAll(Arrays.asList(second));
    Set<String> secondOnly = new HashSet<>(Arrays.asList(second));
    secondOnly.removeAll(Arrays.asList(first));
    return Math.max(firstOnly.size(), secondOnly.size());
  }
}
