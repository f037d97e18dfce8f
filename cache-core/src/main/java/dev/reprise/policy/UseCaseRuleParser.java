package dev.reprise.policy;

import dev.reprise.model.Reason;
import dev.reprise.model.UseCase;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@link UseCaseRule#parse}. */
final class UseCaseRuleParser {
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final Pattern RULE =
      Pattern.compile("(never|exact|semantic)(?::([0-9]{1,9})([smhd]))?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");

  private UseCaseRuleParser() {}

  static UseCaseRule parse(String name, String text) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is no name of a use case; use lower-case words with hyphens");
    }
    Matcher rule = RULE.matcher(text.strip());
    if (!rule.matches() || (rule.group(1).equals("never") && rule.group(2) != null)) {
      throw new IllegalArgumentException(
          "the rule is \"" + text + "\", but must be " + UseCaseRule.FORMS);
    }
    UseCase useCase = new UseCase(name);
    if (rule.group(1).equals("never")) {
      return new UseCaseRule.Never(useCase, why(useCase));
    }
    UseCaseRule.Cached own = preset(useCase);
    Duration timeToLive =
        rule.group(2) == null ? own.timeToLive() : duration(rule.group(2), rule.group(3));
    if (useCase.equals(UseCase.FAQ)) {
      // Its range is the rule's own to hold.
      UseCaseRule.faq(timeToLive);
    }
    return new UseCaseRule.Cached(
        useCase,
        rule.group(1).equals("exact")
            ? UseCaseRule.Matching.EXACT
            : UseCaseRule.Matching.EXACT_THEN_SEMANTIC,
        own.binding(),
        timeToLive);
  }

  private static Reason.Code why(UseCase useCase) {
    if (useCase.equals(UseCase.CREATIVE)) {
      return Reason.Code.CREATIVE;
    }
    return useCase.equals(UseCase.DYNAMIC) ? Reason.Code.DYNAMIC : Reason.Code.RULE;
  }

  /** Returns the rule that a use case begins with; one of the user's own begins as a question. */
  private static UseCaseRule.Cached preset(UseCase useCase) {
    UseCaseRule preset = UseCaseRule.question();
    if (useCase.equals(UseCase.FAQ)) {
      preset = UseCaseRule.faq();
    } else if (useCase.equals(UseCase.DOCUMENT_SUMMARY)) {
      preset = UseCaseRule.documentSummary();
    } else if (useCase.equals(UseCase.QUERY_REFORMULATION)) {
      preset = UseCaseRule.queryReformulation();
    }
    return (UseCaseRule.Cached) preset;
  }

  private static Duration duration(String number, String unit) {
    long count = Long.parseLong(number);
    Duration duration =
        switch (unit) {
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    if (duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "the time to live is " + number + unit + ", but must be from 1s to 365d");
    }
    return duration;
  }
}
