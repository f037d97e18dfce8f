package dev.reprise.cli.cache;

import dev.reprise.cli.io.InputException;
import dev.reprise.match.VerifiedMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** What a verified matcher is told beside its bound: the options that say it. */
public final class MatcherSettings {
  @Option(
      names = "--without-guard",
      paramLabel = "NAMES",
      split = ",",
      description =
          "Guards of the verified matcher to switch off, for example names,additions. The verifier"
              + " then decides on a difference of that kind. docs/matching-reference.md lists them."
              + " Repeatable. Default: none.")
  private List<String> withoutGuards = List.of();

  @Option(
      names = "--language",
      paramLabel = "CODES",
      split = ",",
      description =
          "Languages besides English that your embedder, verifier and calibration support, for"
              + " example de,fr. Questions in any other are matched by the same words only."
              + " Repeatable. Default: none.")
  private List<String> languages = List.of();

  public MatcherSettings() {}

  /**
   * Sets what was said.
   *
   * @throws InputException if there is no such guard or language; the message begins with the flag
   */
  VerifiedMatcher.Builder apply(VerifiedMatcher.Builder builder) {
    set("--without-guard", () -> builder.withoutGuards(Set.copyOf(withoutGuards)));
    Set<String> codes = new LinkedHashSet<>(languages);
    codes.add("en");
    set("--language", () -> builder.languages(codes));
    return builder;
  }

  /**
   * Checks that they are used by one of {@code matchers}.
   *
   * @throws InputException if they are not; the message begins with the flag
   */
  public void checkUsedBy(List<MatcherOption> matchers) {
    String flag =
        !withoutGuards.isEmpty() ? "--without-guard" : !languages.isEmpty() ? "--language" : "";
    if (!flag.isEmpty() && matchers.stream().noneMatch(MatcherOption::isVerified)) {
      throw new InputException(
          flag
              + ": --matcher "
              + matchers.get(0).name()
              + " has no guards and detects no language; use verified:RATE");
    }
  }

  private static void set(String flag, Runnable setter) {
    try {
      setter.run();
    } catch (IllegalArgumentException e) {
      throw new InputException(flag + ": " + e.getMessage(), e);
    }
  }
}
