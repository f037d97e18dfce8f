package dev.reprise.cli.serve;

import dev.reprise.cli.io.Terminal;
import dev.reprise.policy.AnswerRule;
import dev.reprise.policy.QuestionRule;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists the built-in rules. */
@Command(
    name = "rules",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the built-in rules that keep a question or an answer out of the cache.",
      "Switch one off, or add one of your own, with ./reprise serve --rule."
    })
public final class RulesCommand implements Callable<Integer> {
  private final Terminal terminal;

  public RulesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    PrintStream out = terminal.out();
    out.println("Questions that bypass the cache:");
    for (QuestionRule rule : QuestionRule.defaults()) {
      line(out, rule.name(), rule.code().name(), rule.reason());
    }
    out.println();
    out.println("Answers that are not stored:");
    for (AnswerRule rule : AnswerRule.defaults()) {
      line(out, rule.name(), rule.code().name(), rule.reason());
    }
    out.flush();
    return 0;
  }

  private static void line(PrintStream out, String name, String code, String reason) {
    out.printf(Locale.ROOT, "  %-20s %-11s %s%n", name, code.toLowerCase(Locale.ROOT), reason);
  }
}
