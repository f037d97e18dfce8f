package dev.reprise.cli.demo;

import dev.reprise.cli.demo.DemoQuestion.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which answers from the cache were wrong, by the labels of the questions. An answer belongs to the
 * labels of the questions that the upstream gave it to; it is wrong for a question with another
 * label, and for any question whose right answer changes all the time.
 *
 * @param judged how many hits could be judged
 * @param unjudged how many could not: a question without a label, or an answer from before the run
 * @param wrong the hits that were wrong
 */
record Audit(int judged, int unjudged, List<Wrong> wrong) {

  Audit {
    wrong = List.copyOf(wrong);
  }

  /**
   * A wrong answer that was served.
   *
   * @param asked the question
   * @param cached the question whose answer it was
   * @param answer the answer
   * @param match how the cache came to it
   * @param why what is wrong about it
   */
  record Wrong(DemoQuestion asked, String cached, String answer, Match match, String why) {}

  /** How the cache came to an answer. */
  sealed interface Match {
    /** By an equal key. */
    record Exact() implements Match {}

    /**
     * By nearness.
     *
     * @param cosine how near
     */
    record Near(double cosine) implements Match {}
  }

  /** Judges every hit of a run. */
  static Audit of(List<Asked> asked, Answers answers) {
    Map<String, Set<String>> labels = new LinkedHashMap<>();
    Map<String, String> questions = new LinkedHashMap<>();
    for (String label : answers.labels()) {
      answers
          .text(label)
          .ifPresent(text -> labels.computeIfAbsent(text, key -> new LinkedHashSet<>()).add(label));
    }
    for (Asked one : asked) {
      if (one.reply() instanceof DemoReply.Miss miss) {
        String text = miss.served().text();
        questions.putIfAbsent(text, one.question().text());
        if (one.question().label() instanceof Label.Known known) {
          labels.computeIfAbsent(text, key -> new LinkedHashSet<>()).add(known.name());
        }
      }
    }
    int judged = 0;
    int unjudged = 0;
    List<Wrong> wrong = new ArrayList<>();
    for (Asked one : asked) {
      DemoReply.Served served;
      String cached;
      Match match;
      if (one.reply() instanceof DemoReply.ExactHit hit) {
        served = hit.served();
        cached = one.question().text();
        match = new Match.Exact();
      } else if (one.reply() instanceof DemoReply.SemanticHit hit) {
        served = hit.served();
        cached =
            hit.cached().isEmpty()
                ? questions.getOrDefault(served.text(), "a question from before this run")
                : hit.cached();
        match = new Match.Near(hit.cosine());
      } else {
        continue;
      }
      Set<String> right = labels.getOrDefault(served.text(), Set.of());
      if (!(one.question().label() instanceof Label.Known known) || right.isEmpty()) {
        unjudged++;
        continue;
      }
      judged++;
      if (answers.changes(known.name())) {
        wrong.add(
            new Wrong(one.question(), cached, served.text(), match, "the answer is out of date"));
      } else if (!right.contains(known.name())) {
        wrong.add(
            new Wrong(one.question(), cached, served.text(), match, "it answers another question"));
      }
    }
    return new Audit(judged, unjudged, wrong);
  }
}
