package dev.reprise.evaluate;

import java.util.List;

/**
 * What all matchers reached on one set of data.
 *
 * @param data the data
 * @param evaluations one a matcher, in the order they were named
 * @param curves one a family of matchers, where curves were asked for
 */
public record DataEvaluation(LabelledData data, List<Evaluation> evaluations, List<Curve> curves) {
  public DataEvaluation {
    evaluations = List.copyOf(evaluations);
    curves = List.copyOf(curves);
  }
}
