package dev.reprise.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.evaluate.LabelledData;
import dev.reprise.evaluate.LabelledPair;
import dev.reprise.evaluate.LabelledPair.Label;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected pairs are those that {@code split} of the training's data.py sets aside. */
class TestSplitTest {
  private final List<LabelledPair> pairs = new ArrayList<>();

  TestSplitTest() {
    for (int i = 0; i < 12; i++) {
      add("question " + i, "answer " + i);
    }
  }

  @Test
  void itIsTheTrainingsOwn() {
    assertThat(setAside())
        .containsExactly(
            "question 1", "question 2", "question 6", "question 7", "question 9", "question 10");
  }

  @Test
  void pairsThatShareAQuestionStayTogether() {
    add("question 3", "question 9");
    add("Was ist ä?", "answer 9");

    assertThat(setAside())
        .containsExactly(
            "question 1",
            "question 2",
            "question 3",
            "question 6",
            "question 7",
            "question 9",
            "question 10",
            "question 3",
            "Was ist ä?");
  }

  private void add(String cached, String query) {
    pairs.add(new LabelledPair(cached, query, Label.SAME, ""));
  }

  private List<String> setAside() {
    return TestSplit.of("apt", new LabelledData.Pairs("apt", pairs)).stream()
        .map(LabelledPair::cached)
        .toList();
  }
}
