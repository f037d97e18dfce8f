package dev.reprise.cli;

import dev.reprise.cli.admin.CurateCommand;
import dev.reprise.cli.admin.ExportCommand;
import dev.reprise.cli.admin.ImportCommand;
import dev.reprise.cli.admin.InvalidateCommand;
import dev.reprise.cli.admin.StatsCommand;
import dev.reprise.cli.admin.WarmCommand;
import dev.reprise.cli.demo.DemoCommand;
import dev.reprise.cli.demo.EngineDemoCache;
import dev.reprise.cli.evaluate.CalibrateCommand;
import dev.reprise.cli.evaluate.EvaluateCommand;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.io.Version;
import dev.reprise.cli.serve.Logs;
import dev.reprise.cli.serve.RulesCommand;
import dev.reprise.cli.serve.ServeCommand;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.verify.OnnxVerifier;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line. */
@Command(
    name = "reprise",
    description = "A semantic cache for calls to large language models.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      EvaluateCommand.class,
      CalibrateCommand.class,
      ServeCommand.class,
      StatsCommand.class,
      InvalidateCommand.class,
      WarmCommand.class,
      RulesCommand.class,
      ExportCommand.class,
      ImportCommand.class,
      CurateCommand.class,
      Reprise.VersionCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {"", "The launcher adds: bench   measures the cache (it builds the benchmarks first)"})
public final class Reprise implements Runnable {
  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  Reprise() {}

  /** How many seconds Java's HTTP client keeps a connection that nobody uses. */
  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  /** Runs the command line and ends the process with its status. */
  public static void main(String[] arguments) {
    // Java 17 keeps idle connections for 20 minutes, and what is sent on one that the other side
    // has
    // closed meanwhile fails. 30 s is what newer ones have.
    if (System.getProperty(KEEP_ALIVE) == null) {
      System.setProperty(KEEP_ALIVE, "30");
    }
    Logs.ofCommand();
    Terminal terminal = Terminal.ofProcess();
    int status =
        commandLine(
                terminal,
                List.of(
                    new DemoCommand(
                        terminal,
                        System.getenv(),
                        EngineDemoCache::open,
                        duration -> TimeUnit.NANOSECONDS.sleep(duration.toNanos()),
                        System::nanoTime),
                    new EvaluateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                    new CalibrateCommand(terminal, MiniLmEmbedder::load, OnnxVerifier::load),
                    new ServeCommand(terminal, System.getenv(), ServeCommand::untilStopped)))
            .execute(arguments);
    terminal.out().flush();
    System.exit(status);
  }

  /**
   * Returns the command line that writes to {@code terminal}.
   *
   * @param given the ones that need something to work with; those that speak to a running gateway
   *     are made here where they are not among them
   */
  static CommandLine commandLine(Terminal terminal, List<Callable<Integer>> given) {
    List<Callable<Integer>> commands = new ArrayList<>(given);
    commands.add(new StatsCommand(terminal));
    commands.add(new InvalidateCommand(terminal));
    commands.add(new WarmCommand(terminal, System.getenv()));
    commands.add(new RulesCommand(terminal));
    commands.add(new ExportCommand(terminal));
    commands.add(new ImportCommand(terminal));
    commands.add(new CurateCommand(terminal));
    CommandLine.IFactory factory =
        new CommandLine.IFactory() {
          @Override
          public <K> K create(Class<K> type) throws Exception {
            for (Callable<Integer> command : commands) {
              if (type.isInstance(command)) {
                return type.cast(command);
              }
            }
            return CommandLine.defaultFactory().create(type);
          }
        };
    CommandLine line = new CommandLine(new Reprise(), factory);
    line.setOut(new PrintWriter(terminal.out(), true, terminal.charset()));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof InputException) {
            command.getErr().println("reprise: " + failure.getMessage());
            return ExitStatus.INPUT;
          }
          command.getErr().println("reprise: it failed: " + failure);
          command
              .getErr()
              .println("This is a defect of Reprise; set REPRISE_DEBUG=1 for the trace.");
          if (System.getenv("REPRISE_DEBUG") != null) {
            failure.printStackTrace(command.getErr());
          }
          return ExitStatus.FAILURE;
        });
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Name a command: serve, stats, invalidate, warm, export, import, curate, demo, evaluate,"
            + " calibrate, version or help");
  }

  /** Prints the version. */
  @Command(name = "version", description = "Prints the version.")
  static final class VersionCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    @Override
    public void run() {
      spec.root().commandLine().printVersionHelp(spec.commandLine().getOut());
    }
  }
}
