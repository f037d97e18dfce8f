package dev.reprise.evaluate;

import dev.reprise.match.LearningMatcher;
import dev.reprise.match.Matcher;
import dev.reprise.match.Observation;
import dev.reprise.model.Similarity;
import dev.reprise.model.internal.Checks;
import java.util.Random;

/**
 * Lets matchers learn in place during a stream, as the engine does: a miss tells whether its surest
 * candidate was right, and some hits are checked. The labels stand in for the judge.
 *
 * @param judgeError how often the judge is wrong, either way: from 0 to 0.5
 * @param checked the share of hits that are checked: from 0 to 1
 * @param seed of the errors and the checks
 */
public record InPlace(double judgeError, double checked, long seed) {
  public InPlace {
    Checks.inRange("judge error", judgeError, 0, 0.5);
    Checks.inRange("checked share", checked, 0, 1);
  }

  /** Returns what tells {@code matcher}, and passes everything on to {@code next}. */
  StreamRun.Listener teaching(Matcher matcher, StreamRun.Listener next) {
    return new Teacher(matcher, next, new Random(seed), true);
  }

  /** Returns what tells {@code matcher} of lookups without judging any, as every engine does. */
  static StreamRun.Listener counting(Matcher matcher, StreamRun.Listener next) {
    return new InPlace(0, 0, 0).new Teacher(matcher, next, new Random(0), false);
  }

  private final class Teacher implements StreamRun.Listener {
    private final Matcher matcher;
    private final StreamRun.Listener next;
    private final Random random;
    private final boolean isJudging;

    /** The surest candidate of this lookup that was not accepted; -1 where there is none. */
    private double surest = -1;

    private boolean isSurestRight;

    Teacher(Matcher matcher, StreamRun.Listener next, Random random, boolean isJudging) {
      this.matcher = matcher;
      this.next = next;
      this.random = random;
      this.isJudging = isJudging;
    }

    @Override
    public void exact(int number, Arrival asked, Arrival cached) {
      next.exact(number, asked, cached);
    }

    @Override
    public void decided(
        int number, Arrival asked, Arrival cached, Similarity similarity, Verdict verdict) {
      next.decided(number, asked, cached, similarity, verdict);
      boolean isRight = asked.label().equals(cached.label());
      if (verdict instanceof Verdict.Accepted accepted) {
        ended(accepted.confidence(), true);
        if (random.nextDouble() < checked) {
          judge(accepted.confidence(), true, isRight);
        }
      } else if (verdict.confidenceOrNone() > surest) {
        surest = verdict.confidenceOrNone();
        isSurestRight = isRight;
      }
    }

    @Override
    public void missed(int number, StreamRun.Fit fit) {
      next.missed(number, fit);
      double confidence = surest;
      if (fit == StreamRun.Fit.FITS) {
        ended(confidence, false);
      }
      if (confidence > 0) {
        judge(confidence, false, isSurestRight);
      }
      surest = -1;
    }

    private void ended(double confidence, boolean wasServed) {
      observe(new Observation.LookedUp(confidence, wasServed));
      surest = -1;
    }

    private void judge(double confidence, boolean wasServed, boolean isRight) {
      if (!isJudging) {
        return;
      }
      boolean isMistaken = random.nextDouble() < judgeError;
      observe(new Observation.Judged(confidence, wasServed, isRight != isMistaken));
    }

    private void observe(Observation observation) {
      if (matcher instanceof LearningMatcher learning) {
        learning.observe(observation);
      }
    }
  }
}
