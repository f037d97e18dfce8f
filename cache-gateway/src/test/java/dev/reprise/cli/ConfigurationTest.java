package dev.reprise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cli.config.ConfigurationFile;
import dev.reprise.cli.config.Setting;
import dev.reprise.cli.config.SettingKey;
import dev.reprise.cli.io.ExitStatus;
import dev.reprise.cli.io.Terminal;
import dev.reprise.cli.serve.ServeCommand;
import dev.reprise.gateway.GatewayBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the gateway is told, and by whom. */
public class ConfigurationTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter errors = new StringWriter();
  private @TempDir Path folder;

  private int print(Map<String, String> environment, String... arguments) {
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    CommandLine line = command(terminal, environment);
    line.setErr(new PrintWriter(errors, true));
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println(failure.getMessage());
          return ExitStatus.INPUT;
        });
    return line.execute(
        Stream.concat(Stream.of("--print-config"), Arrays.stream(arguments))
            .toArray(String[]::new));
  }

  private String printed(Map<String, String> environment, String... arguments) {
    assertThat(print(environment, arguments)).as(errors.toString()).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("reprise.yaml"), text).toString();
  }

  /** Returns the line of a key: its value and where it is from. */
  private static String line(String printed, String key) {
    return printed
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(key + ":") || line.startsWith("# " + key + ":"))
        .map(line -> line.replaceAll(" +", " "))
        .collect(Collectors.joining("\n"));
  }

  /** Returns the command as it is set up for users. */
  public static CommandLine command(Terminal terminal, Map<String, String> environment) {
    return new CommandLine(new ServeCommand(terminal, environment, gateway -> {}));
  }

  private static Map<String, SettingKey> keys() {
    Terminal terminal = Terminal.ofProcess();
    return SettingKey.of(command(terminal, Map.of()).getCommandSpec());
  }

  @Test
  void aFlagGoesBeforeAVariableAndAVariableBeforeTheFile() throws Exception {
    String file = file("port: 1001\nmax-body-bytes: 1024\nupstream-timeout: 7\n");
    Map<String, String> environment =
        Map.of("REPRISE_PORT", "1002", "REPRISE_MAX_BODY_BYTES", "2048");

    String printed = printed(environment, "--config", file, "--port", "1003");

    assertThat(line(printed, "port")).isEqualTo("port: 1003 # --port");
    assertThat(line(printed, "max-body-bytes"))
        .isEqualTo("max-body-bytes: 2048 # REPRISE_MAX_BODY_BYTES");
    assertThat(line(printed, "upstream-timeout")).isEqualTo("upstream-timeout: 7 # " + file + ":3");
    assertThat(line(printed, "host"))
        .isEqualTo("host: " + GatewayBuilder.DEFAULT_HOST + " # default");
  }

  @Test
  void theFileIsNamedByAVariableToo() throws Exception {
    String printed = printed(Map.of("REPRISE_CONFIG", file("port: 1001\n")));

    assertThat(line(printed, "port")).startsWith("port: 1001 # ");
  }

  @Test
  void severalValuesAreAMapInTheFileAndAreReplacedAsAWhole() throws Exception {
    String file =
        file(
            """
            group:
              one: ONE_KEYS
              two: TWO_KEYS
            policy:
              any-temperature: true
              use-case: {faq: exact:48h, creative: never}
            """);

    String printed = printed(Map.of(), "--config", file);
    assertThat(line(printed, "group")).startsWith("group: {one: ONE_KEYS, two: TWO_KEYS} # ");
    assertThat(line(printed, "use-case"))
        .matches("use-case: \\{faq: '?exact:48h'?, creative: never\\} # .*:6");
    assertThat(line(printed, "any-temperature")).endsWith(":5").contains("true");
    out.reset();
    String variable = "three=THREE_KEYS four=FOUR_KEYS";
    assertThat(line(printed(Map.of("REPRISE_GROUP", variable), "--config", file), "group"))
        .isEqualTo("group: {three: THREE_KEYS, four: FOUR_KEYS} # REPRISE_GROUP");
    out.reset();
    assertThat(
            line(
                printed(Map.of("REPRISE_GROUP", variable), "--config", file, "--group", "five=F"),
                "group"))
        .isEqualTo("group: {five: F} # --group");
  }

  @Test
  void secretsAreNotPrinted() {
    String printed =
        printed(
            Map.of(
                "REPRISE_ADMIN_TOKEN",
                "a-secret-of-some-length",
                "REPRISE_REDIS_URL",
                "redis://:another-secret@redis:6379",
                "REPRISE_MILVUS_TOKEN",
                "root:third-secret"));

    assertThat(printed).doesNotContain("secret-of", "another-secret", "third-secret");
    assertThat(line(printed, "admin-token")).contains("********", "REPRISE_ADMIN_TOKEN");
    assertThat(line(printed, "redis-url")).contains("redis://********@redis:6379");
  }

  @Test
  void whatIsPrintedIsAConfiguration() throws Exception {
    String printed =
        printed(Map.of(), "--port", "9", "--group", "a=B", "--use-case", "faq=exact:30h");
    out.reset();

    String again = printed(Map.of(), "--config", file(printed));
    assertThat(again.replaceAll(" +# .*", "")).isEqualTo(printed.replaceAll(" +# .*", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "prot: 1                                   | :1: there is no key \"prot\"; is port",
        "port: 1;max-body-byte: 2048               | :2: there is no key \"max-body-byte\"; is"
            + " max-body-bytes",
        "any-temperature: true                     | :1: any-temperature stands under policy:, not"
            + " at the top",
        "policy: {port: 1}                         | :1: port stands at the top, not under policy:",
        "policy: {any-temperatur: true}            | is policy.any-temperature",
        "port: 1;port: 2                           | :2: port stands here a second time",
        "port: eighty                              | :1: port: Invalid value for option '--port':"
            + " 'eighty' is not an int",
        "port: 70000                               | :1: port: port is 70000, but must be from 0 to"
            + " 65535",
        "policy: {max-temperature: 3}              | :1: policy.max-temperature: maximumTemperature"
            + " is 3.0, but must be from 0.0 to 2.0",
        "policy: {use-case: {faq: exact:1h}}       | policy.use-case faq: time to live of faq is"
            + " PT1H, but must be from PT24H to PT72H",
        "policy: {use-case: {faq: sometimes}}      | the rule is \"sometimes\", but must be never,"
            + " exact or semantic",
        "policy: {use-case: {mine: exact:400d}}    | the time to live is 400d, but must be from 1s"
            + " to 365d",
        "port:                                     | :1: port has no value",
        "port: [1, 2]                              | :1: port must be one value",
        "group: TEAM_KEYS                          | :1: group must have names and values",
        "- port                                    | :1: a configuration must have names and"
            + " values",
        "port: 'x                                  | is no YAML",
        "tiers: memory,faiss                       | :1: tiers memory,faiss: there is no tier",
      })
  void whatIsWrongIsSaidWithItsPlace(String text, String message) throws Exception {
    String file = file(text.replace(";", "\n"));
    errors.getBuffer().setLength(0);

    assertThat(runs(file)).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains(file).contains(message);
  }

  /** Prints and, where that goes well, serves. */
  private int runs(String file) {
    int status = print(Map.of(), "--config", file);
    if (status != 0) {
      return status;
    }
    Terminal terminal =
        new Terminal(
            new PrintStream(out, true, StandardCharsets.UTF_8), StandardCharsets.UTF_8, false);
    CommandLine line = command(terminal, Map.of());
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          errors.append(failure.getMessage());
          return ExitStatus.INPUT;
        });
    return line.execute("--config", file);
  }

  @Test
  void aVariableThatIsWrongIsNamed() {
    assertThat(print(Map.of("REPRISE_PORT", "eighty"))).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains("REPRISE_PORT: --port: ").contains("'eighty'");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = folder.resolve("none.yaml");

    assertThat(print(Map.of(), "--config", file.toString())).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains(file + ": there is no such file");
  }

  @Test
  void theExampleListsEveryKeyWithItsDefault() throws Exception {
    String example = Files.readString(Path.of("../docker/reprise.yaml"));
    List<String> lines = new ArrayList<>();
    for (String line : example.lines().toList()) {
      lines.add(line.replaceFirst("^( *)# (?=[a-z]+(-[a-z]+)*: \\S)", "$1"));
    }
    Map<String, Setting> all = ConfigurationFile.read("example", String.join("\n", lines), keys());

    assertThat(all.keySet()).containsExactlyInAnyOrderElementsOf(keys().keySet());
    Map<String, Setting> inForce = ConfigurationFile.read("example", example, keys());
    Map<String, String> wrong = new LinkedHashMap<>();
    all.forEach(
        (name, setting) -> {
          String value = setting.key().defaultValue().orElse(null);
          if (value != null
              && !inForce.containsKey(name)
              && !setting.values().equals(List.of(value))) {
            wrong.put(name, setting.values() + " is shown, but the default is " + value);
          }
        });
    assertThat(wrong).isEmpty();
  }

  // --- variables --------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "REPRISE_ANY_TEMPRATURE, REPRISE_ANY_TEMPERATURE",
    "REPRISE_MAXBODY_BYTES, REPRISE_MAX_BODY_BYTES",
    "REPRISE_UPSTREM, REPRISE_UPSTREAM",
    "REPRISE_ALLOW_HOSTS, REPRISE_ALLOW_HOST",
    "REPRISE_SCOPE_SECRET, REPRISE_SCOPE_SECRET_ENV",
  })
  void aVariableThatIsMisspeltIsRefused(String given, String meant) {
    assertThat(print(Map.of(given, "x"))).isEqualTo(ExitStatus.INPUT);
    assertThat(errors.toString()).contains(given, "is " + meant + " meant?");
  }

  @Test
  void aVariableThatAnOptionNamesIsKnown() {
    printed(
        Map.of(
            "REPRISE_MY_KEY", "sk-1", "REPRISE_TEAM", "sk-2,sk-3", "REPRISE_SECRET", "0123456789"),
        "--api-key-env",
        "REPRISE_MY_KEY",
        "--group",
        "team=REPRISE_TEAM",
        "--scope-secret-env",
        "REPRISE_SECRET");
  }

  @Test
  void aVariableOfOthersIsNoneOfTheGateways() {
    printed(
        Map.of(
            "REPRISE_JAVA_OPTIONS", "-Xmx1g",
            "REPRISE_GRAFANA_PASSWORD", "p",
            "REPRISE_UNHEARD_OF", " ",
            "XREPRISE_ANY", "x"));
  }

  @Test
  void whatKubernetesAddsForAServiceCalledRepriseIsNotMeant() {
    String printed =
        printed(
            Map.of(
                "REPRISE_PORT", "tcp://10.0.0.1:8080",
                "REPRISE_SERVICE_HOST", "10.0.0.1",
                "REPRISE_SERVICE_PORT", "8080",
                "REPRISE_SERVICE_PORT_HTTP", "8080",
                "REPRISE_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                "REPRISE_PORT_8080_TCP_PROTO", "tcp",
                "REPRISE_REDIS_SERVICE_HOST", "10.0.0.2"));
    assertThat(line(printed, "port")).endsWith("# default");
  }
}
