package dev.reprise.policy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/*
 * Every request passes here, and hardly one is recognised. So one scan over the text finds the words that some rule waits for;
 * only the rules whose word is there run their regular expressions.
 */
/** Finds the first of several rules that recognises a text. */
final class QuestionRules {
  private final List<QuestionRule> rules;
  private final BitSet askedAlways = new BitSet();
  private final WordIndex words;

  QuestionRules(List<QuestionRule> rules) {
    this.rules = List.copyOf(rules);
    Map<String, BitSet> waiting = new HashMap<>();
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).words().isEmpty()) {
        askedAlways.set(i);
      }
      for (String word : rules.get(i).words()) {
        waiting.computeIfAbsent(Folding.fold(word), unused -> new BitSet()).set(i);
      }
    }
    this.words = new WordIndex(waiting);
  }

  /** Returns the first rule that recognises {@code text}. */
  Optional<QuestionRule> first(String text) {
    if (rules.isEmpty() || text.isBlank()) {
      return Optional.empty();
    }
    QuestionText question = new QuestionText(text);
    BitSet asked = (BitSet) askedAlways.clone();
    words.find(question.folded(), asked);
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    List<String> raw = null;
    List<String> sentences = null;
    for (int i = asked.nextSetBit(0); i >= 0; i = asked.nextSetBit(i + 1)) {
      QuestionRule rule = rules.get(i);
      List<String> seen;
      if (rule.sees() == QuestionRule.Sees.RAW) {
        raw = raw == null ? question.rawSentences() : raw;
        seen = raw;
      } else {
        sentences = sentences == null ? question.asked(DefaultQuestionRules.TASK) : sentences;
        seen = sentences;
      }
      for (String sentence : seen) {
        if (rule.isFoundIn(sentence)
            && (rule.sees() == QuestionRule.Sees.RAW
                || !DefaultQuestionRules.ABOUT.areFoundIn(sentence))) {
          return Optional.of(rule);
        }
      }
    }
    return Optional.empty();
  }
}
