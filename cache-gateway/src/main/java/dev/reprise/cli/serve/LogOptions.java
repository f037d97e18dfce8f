package dev.reprise.cli.serve;

import dev.reprise.gateway.Gateway;
import dev.reprise.gateway.GatewayBuilder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a server writes to its log. */
final class LogOptions {
  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      converter = FormatConverter.class,
      description = "The format of a log line: text or json. Default: ${DEFAULT-VALUE}.")
  private Logs.Format format = Logs.Format.TEXT;

  @Option(
      names = "--log-requests",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description = "Write a line for each request. Default: ${DEFAULT-VALUE}.")
  private boolean logRequests = true;

  @Option(
      names = "--log-prompts",
      description =
          "Add the first 200 characters of the last message to that line. Every reader of the log"
              + " then sees them.")
  private boolean logPrompts;

  LogOptions() {}

  /** Sets up the log. */
  void setUp() {
    Logs.ofServer(format, Gateway.REQUEST_LOG, logRequests);
  }

  /** Tells {@code gateway} what to write. */
  void tell(GatewayBuilder gateway) {
    if (logPrompts) {
      gateway.logPrompts();
    }
  }

  /** Reads a format by its name in lower case. */
  static final class FormatConverter implements ITypeConverter<Logs.Format> {
    @Override
    public Logs.Format convert(String value) {
      return switch (value) {
        case "text" -> Logs.Format.TEXT;
        case "json" -> Logs.Format.JSON;
        default -> throw new TypeConversionException("must be text or json, not '" + value + "'");
      };
    }
  }
}
