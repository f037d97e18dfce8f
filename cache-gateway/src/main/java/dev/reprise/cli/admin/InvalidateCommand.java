package dev.reprise.cli.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.reprise.cli.io.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes entries from a running gateway's cache. */
@Command(
    name = "invalidate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Removes entries from the cache of a running gateway.")
public final class InvalidateCommand implements Callable<Integer> {
  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  private final Terminal terminal;

  public InvalidateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One of these. */
  static final class What {
    @Option(
        names = "--tag",
        paramLabel = "NAME",
        description = "All entries with that tag (X-Reprise-Tags).")
    private String tag = "";

    @Option(
        names = "--document",
        paramLabel = "ID",
        description = "All entries made from that document (X-Reprise-Documents).")
    private String document = "";

    @Option(
        names = "--scope",
        paramLabel = "NAME",
        description = "All entries of that scope, as the dashboard and export name it.")
    private String scope = "";

    @Option(
        names = "--entry",
        paramLabel = "KEY",
        description = "One entry: the 64 digits of X-Reprise-Entry.")
    private String entry = "";

    What() {}

    private String kind() {
      return !tag.isEmpty()
          ? "tag"
          : !document.isEmpty() ? "document" : !scope.isEmpty() ? "scope" : "entry";
    }

    private String name() {
      return tag + document + scope + entry;
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    long removed =
        gateway
            .administrator()
            .post(
                "/admin/invalidate",
                JsonNodeFactory.instance.objectNode().put(what.kind(), what.name()))
            .path("removed")
            .asLong();
    terminal.out().println("Removed " + removed + (removed == 1 ? " entry" : " entries"));
    return 0;
  }
}
