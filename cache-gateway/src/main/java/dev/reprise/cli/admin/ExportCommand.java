package dev.reprise.cli.admin;

import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.OutputFile;
import dev.reprise.cli.io.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the entries of a running gateway's cache to a file. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the entries of a running gateway's cache to a file, one JSON object a line.",
      "The file holds questions and answers in plain text."
    })
public final class ExportCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description =
          "Where to write; gzipped where the name ends in .gz. It is replaced as a whole.")
  private Path file = Path.of("");

  @Mixin private GatewayOptions gateway = new GatewayOptions();

  private final Terminal terminal;

  public ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    OutputFile.require("FILE", file);
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      long entries;
      try (InputStream in = gateway.administrator().stream("/admin/export");
          Writer out = new OutputStreamWriter(open(part), StandardCharsets.UTF_8)) {
        entries = copy(in, out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      terminal.out().println("Wrote " + entries + " entries to " + file);
      return 0;
    } catch (IOException e) {
      throw new InputException(
          "the export broke off, and " + file + " is as it was: " + e.getMessage(), e);
    } finally {
      remove(part);
    }
  }

  private OutputStream open(Path part) throws IOException {
    OutputStream out = Files.newOutputStream(part);
    return file.toString().endsWith(".gz") ? new GZIPOutputStream(out) : out;
  }

  private static long copy(InputStream in, Writer out) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    long count = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      out.write(line);
      out.write('\n');
      count++;
    }
    return count;
  }

  private static void remove(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new InputException("cannot remove " + part + ": " + e.getMessage(), e);
    }
  }
}
