package dev.reprise.cli.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.io.TextFile;
import dev.reprise.curated.CuratedEntry;
import dev.reprise.curated.CuratedFile;
import dev.reprise.curated.CuratedSet;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports reviewed answers into a running gateway, and looks after them. */
@Command(
    name = "curate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Imports curated answers into a running gateway: reviewed question-answer pairs that it"
          + " serves before anything a model said.",
      "FILE has one JSON object per line: question, answer and scope (a group's is group:NAME; * is"
          + " all), and if you like aliases, id, models, systems, reviewedBy and reviewedAt. It"
          + " replaces the whole set; earlier versions are kept."
    })
public final class CurateCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final String PATH = "/admin/curated";

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Option(names = "--check", description = "Only check FILE; needs no gateway.")
  private boolean isChecked;

  @Option(
      names = "--add",
      description = "Add the entries of FILE; one with the same id is replaced.")
  private boolean isAdded;

  @Option(
      names = "--scope",
      paramLabel = "NAME",
      defaultValue = "",
      description = "The scope of lines that name none; * for all. Default: each must name one.")
  private String scope = "";

  @Option(
      names = "--note",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the list of versions.")
  private String note = "";

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  private final Terminal terminal;

  public CurateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One of these. */
  static final class What {
    @Parameters(paramLabel = "FILE", arity = "1", description = "The entries, as JSON Lines.")
    private Optional<Path> file = Optional.empty();

    @Option(
        names = "--export",
        description = "Print the entries as JSON Lines, approved wordings among their aliases.")
    private boolean isExported;

    @Option(names = "--versions", description = "List the versions that are kept.")
    private boolean isVersions;

    @Option(
        names = "--rollback",
        paramLabel = "VERSION",
        description = "Make a new version with the entries of an earlier one.")
    private Optional<Long> rollback = Optional.empty();

    @Option(names = "--remove", paramLabel = "ID", description = "Remove one entry.")
    private Optional<String> removed = Optional.empty();

    @Option(names = "--proposals", description = "List what the judge proposes.")
    private boolean isProposals;

    @Option(
        names = "--approve",
        paramLabel = "ID",
        description = "Approve a proposal: its question becomes another wording.")
    private Optional<String> approved = Optional.empty();

    @Option(names = "--reject", paramLabel = "ID", description = "Reject a proposal.")
    private Optional<String> rejected = Optional.empty();

    What() {}
  }

  @Override
  public Integer call() throws InterruptedException {
    if (what.file.isPresent()) {
      file(what.file.get());
    } else if (what.isExported) {
      export();
    } else if (what.isVersions) {
      versions();
    } else if (what.rollback.isPresent()) {
      tell(post("/rollback", object().put("version", what.rollback.get())));
    } else if (what.removed.isPresent()) {
      remove(what.removed.get());
    } else if (what.isProposals) {
      proposals();
    } else {
      decide();
    }
    return 0;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private JsonNode post(String path, ObjectNode body) throws InterruptedException {
    body.put("by", System.getProperty("user.name", ""));
    return gateway.administrator().post(PATH + path, body);
  }

  private void file(Path file) throws InterruptedException {
    String lines = TextFile.read(file);
    List<CuratedEntry> entries;
    try {
      entries = CuratedSet.checked(CuratedFile.parse(lines, scope));
    } catch (IllegalArgumentException e) {
      throw new InputException(file + " cannot be imported:\n" + e.getMessage(), e);
    }
    PrintStream out = terminal.out();
    if (isChecked) {
      long aliases = entries.stream().mapToLong(entry -> entry.aliases().size()).sum();
      out.println(
          file
              + " is right: "
              + count(entries.size(), "entry", "entries")
              + " with "
              + count(aliases, "alias", "aliases"));
      return;
    }
    if (entries.isEmpty() && !isAdded) {
      throw new InputException(
          file + " has no entry; to remove curated answers, use --remove ID or --rollback VERSION");
    }
    ObjectNode body = object().put("lines", lines).put("scope", scope).put("note", note);
    tell(post("", body.put("mode", isAdded ? "add" : "replace")));
  }

  private static String count(long number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  private void tell(JsonNode summary) {
    long version = summary.path("version").asLong();
    long changes =
        summary.path("added").asLong()
            + summary.path("changed").asLong()
            + summary.path("removed").asLong();
    String size = count(summary.path("size").asLong(), "entry", "entries");
    if (changes == 0) {
      terminal.out().println("Nothing changed: version " + version + " has " + size);
      return;
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "Version %d is served now, with %s: %d added, %d changed, %d removed%n",
            version,
            size,
            summary.path("added").asLong(),
            summary.path("changed").asLong(),
            summary.path("removed").asLong());
  }

  private void export() throws InterruptedException {
    GatewayClient client = gateway.administrator();
    for (int offset = 0; ; offset += PAGE) {
      JsonNode page = client.get(PATH + "?limit=" + PAGE + "&offset=" + offset);
      for (JsonNode entry : page.path("entries")) {
        terminal.out().println(exported((ObjectNode) entry));
      }
      if (offset + PAGE >= page.path("matched").asInt()) {
        return;
      }
    }
  }

  /** Wordings that count in one scope only are left out: in the file they would count in all. */
  private static ObjectNode exported(ObjectNode entry) {
    ArrayNode aliases = entry.withArray("aliases");
    for (JsonNode approved : entry.path("approvedAliases")) {
      if (!approved.has("scope")) {
        aliases.add(approved.path("text"));
      }
    }
    entry.remove(List.of("approvedAliases", "scopeLabel"));
    if (aliases.isEmpty()) {
      entry.remove("aliases");
    }
    return entry;
  }

  private void versions() throws InterruptedException {
    PrintStream out = terminal.out();
    JsonNode versions = gateway.administrator().get(PATH + "?limit=0").path("versions");
    if (versions.isEmpty()) {
      out.println("Nothing was imported yet");
    }
    for (JsonNode version : versions) {
      out.printf(
          Locale.ROOT,
          "%5d  %s  %s  %s%s%n",
          version.path("version").asLong(),
          version.path("madeAt").asText(),
          count(version.path("size").asLong(), "entry", "entries"),
          version.path("madeBy").asText(),
          version.path("note").asText().isEmpty() ? "" : ": " + version.path("note").asText());
    }
  }

  private void remove(String id) throws InterruptedException {
    boolean isRemoved = gateway.administrator().delete(PATH, "id", id).path("removed").asBoolean();
    if (!isRemoved) {
      throw new InputException("there is no curated entry " + id);
    }
    terminal.out().println("Removed " + id);
  }

  private void proposals() throws InterruptedException {
    PrintStream out = terminal.out();
    JsonNode proposals = gateway.administrator().get(PATH + "?limit=0").path("proposals");
    if (proposals.isEmpty()) {
      out.println("Nothing is proposed");
    }
    for (JsonNode proposal : proposals) {
      out.println(proposal.path("id").asText() + "  " + proposal.path("question").asText());
      out.println("    would be answered as: " + proposal.path("entryQuestion").asText());
    }
  }

  private void decide() throws InterruptedException {
    boolean isApproved = what.approved.isPresent();
    String id = what.approved.or(() -> what.rejected).orElseThrow();
    ObjectNode body = object().put("id", id).put("decision", isApproved ? "approve" : "reject");
    if (!post("/proposal", body).path("known").asBoolean()) {
      throw new InputException("there is no proposal " + id);
    }
    terminal.out().println((isApproved ? "Approved " : "Rejected ") + id);
  }
}
