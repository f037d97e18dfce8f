package dev.reprise.cli.serve;

import dev.reprise.cli.io.InputException;
import dev.reprise.curated.JudgeRole;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What the judge does for curated answers: the option that says it. */
final class CurateOptions {
  @Option(
      names = "--curate-by-judge",
      paramLabel = "ROLE",
      defaultValue = "propose",
      description =
          "What becomes of a question near a curated one (./reprise curate) to which the model gave"
              + " the curated answer: propose shows it to you for approval, adopt takes it as"
              + " another wording in its own scope, off does nothing. Default: ${DEFAULT-VALUE}.")
  private String judge = "propose";

  CurateOptions() {}

  /**
   * Returns what was said.
   *
   * @throws InputException if it is something else
   */
  JudgeRole judge() {
    return switch (judge.strip().toLowerCase(Locale.ROOT)) {
      case "propose" -> JudgeRole.PROPOSE;
      case "adopt" -> JudgeRole.ADOPT;
      case "off" -> JudgeRole.OFF;
      default ->
          throw new InputException(
              "--curate-by-judge: the role is \""
                  + judge
                  + "\", but must be propose, adopt or off");
    };
  }
}
