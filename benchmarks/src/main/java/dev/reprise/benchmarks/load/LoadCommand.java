package dev.reprise.benchmarks.load;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./reprise bench gateway}, {@code fleet} and {@code soak}. */
@Command(
    name = "reprise bench",
    subcommands = {CompareCommand.class, FleetCommand.class, SoakCommand.class},
    description = "Puts the gateway under load.")
final class LoadCommand {
  private LoadCommand() {}

  /** Runs the command. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LoadCommand()).execute(arguments));
  }
}
