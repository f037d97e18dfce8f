package dev.reprise.cli.config;

import dev.reprise.cli.io.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * What a command was told: by flags, else by the environment, else by a file, else by its defaults.
 * One list of keys, that of its options: {@code --max-body-bytes}, {@code REPRISE_MAX_BODY_BYTES}
 * and {@code max-body-bytes:} are the same. A source that names a key replaces all that weaker ones
 * say of it, where it takes several values, too.
 */
public final class Configuration {
  private final Map<String, Setting> settings;

  private Configuration(Map<String, Setting> settings) {
    this.settings = settings;
  }

  /** Where the file is, and what it says. */
  public record File(Path path, String text) {
    public static File read(Path path) {
      return new File(path, ConfigurationFile.text(path));
    }
  }

  /**
   * Returns what {@code command} was told.
   *
   * @param command whose keys these are
   * @param flags what {@link #flags} returned
   * @param file the files that are read, one or none
   * @throws InputException if the file cannot be understood, or a variable {@code REPRISE_...} is
   *     none of the command's
   */
  public static Configuration of(
      CommandSpec command,
      Map<String, List<String>> flags,
      Map<String, String> environment,
      List<File> file) {
    Map<String, SettingKey> keys = SettingKey.of(command);
    Map<String, String> variables = Variables.ofGateway(environment);
    Map<String, Setting> inFile = new LinkedHashMap<>();
    for (File one : file) {
      inFile.putAll(ConfigurationFile.read(one.path().toString(), one.text(), keys));
    }
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (SettingKey key : keys.values()) {
      Optional<String> variable =
          key.variables().stream()
              .filter(name -> !variables.getOrDefault(name, "").isBlank())
              .findFirst();
      Setting setting;
      List<String> given = flags.get(key.name());
      if (given != null) {
        setting = new Setting(key, given, Setting.Source.FLAG, key.flag());
      } else if (variable.isPresent()) {
        String text = variables.getOrDefault(variable.get(), "");
        setting = new Setting(key, several(key, text), Setting.Source.ENVIRONMENT, variable.get());
      } else {
        setting = inFile.getOrDefault(key.name(), defaults(key));
      }
      settings.put(key.name(), setting);
    }
    Variables.check(variables, settings.values());
    return new Configuration(settings);
  }

  /**
   * Returns what the flags of {@code command} say, by name. To be asked before {@link #fill}, which
   * parses what all sources say as if it were flags.
   */
  public static Map<String, List<String>> flags(CommandSpec command) {
    ParseResult parsed = command.commandLine().getParseResult();
    Map<String, List<String>> flags = new LinkedHashMap<>();
    for (SettingKey key : SettingKey.of(command).values()) {
      if (parsed.hasMatchedOption(key.option())) {
        flags.put(key.name(), List.copyOf(given(key, parsed)));
      }
    }
    return flags;
  }

  private static List<String> given(SettingKey key, ParseResult flags) {
    ArgSpec option = flags.matchedOption(key.flag());
    Object value = option.getValue();
    return option.arity().max() == 0
        ? List.of(String.valueOf(value))
        : option.originalStringValues();
  }

  /** Several values stand in a variable with blanks or commas between them. */
  private static List<String> several(SettingKey key, String text) {
    return key.isMap() || key.isList()
        ? List.of(text.strip().split("[\\s,]+"))
        : List.of(text.strip());
  }

  private static Setting defaults(SettingKey key) {
    List<String> values = key.defaultValue().stream().toList();
    return new Setting(key, values, Setting.Source.DEFAULT, "default");
  }

  /** Returns what is told otherwise than by default, as arguments of the command. */
  List<String> arguments(Predicate<SettingKey> which) {
    List<String> arguments = new ArrayList<>();
    for (Setting setting : settings.values()) {
      if (setting.source() != Setting.Source.DEFAULT && which.test(setting.key())) {
        setting.values().forEach(value -> arguments.add(setting.key().flag() + "=" + value));
      }
    }
    return arguments;
  }

  /**
   * Has {@code command} take over what it was told.
   *
   * @throws InputException if a value is of another type than its key's; the message says which,
   *     and where it stands
   */
  public void fill(CommandLine command, Predicate<SettingKey> which) {
    try {
      command.parseArgs(arguments(which).toArray(String[]::new));
    } catch (ParameterException e) {
      String name =
          e.getArgSpec() instanceof CommandLine.Model.OptionSpec option ? option.longestName() : "";
      throw located(new InputException(name + ": " + e.getMessage(), e));
    }
  }

  /**
   * Returns the same with where the value stands, if its message begins with the flag of a key that
   * no flag told.
   */
  public InputException located(InputException wrong) {
    String message = String.valueOf(wrong.getMessage());
    for (Setting setting : settings.values()) {
      String flag = setting.key().flag();
      boolean isIt = message.startsWith(flag + ":") || message.startsWith(flag + " ");
      if (isIt && setting.source() != Setting.Source.FLAG) {
        String name = setting.source() == Setting.Source.FILE ? setting.key().path() : flag;
        return new InputException(
            setting.origin() + ": " + name + message.substring(flag.length()), wrong);
      }
    }
    return wrong;
  }

  /** Returns the keys whose values differ in {@code other}. */
  public List<SettingKey> changed(Configuration other) {
    List<SettingKey> changed = new ArrayList<>();
    settings.forEach(
        (name, setting) -> {
          Setting now = other.settings.get(name);
          if (now != null && !now.values().equals(setting.values())) {
            changed.add(setting.key());
          }
        });
    return changed;
  }

  /** Returns every key with its value and where that is from, as a file; secrets are masked. */
  public String asYaml() {
    StringBuilder text = new StringBuilder();
    lines(text, "", "");
    text.append(SettingKey.POLICY).append(":\n");
    lines(text, SettingKey.POLICY, "  ");
    return text.toString();
  }

  private void lines(StringBuilder text, String section, String indent) {
    for (Setting setting : settings.values()) {
      if (setting.key().section().equals(section)) {
        String line =
            setting.values().isEmpty()
                ? "# " + setting.key().name() + ":"
                : setting.key().name() + ": " + yaml(setting);
        text.append(indent).append(String.format(Locale.ROOT, "%-52s", line)).append(" # ");
        text.append(setting.origin()).append('\n');
      }
    }
  }

  private static String yaml(Setting setting) {
    Object value = setting.printed();
    if (setting.key().isMap()) {
      Map<String, String> pairs = new LinkedHashMap<>();
      for (String pair : setting.printed()) {
        int equals = pair.indexOf('=');
        pairs.put(
            equals < 0 ? pair : pair.substring(0, equals),
            equals < 0 ? "" : pair.substring(equals + 1));
      }
      value = pairs;
    } else if (!setting.key().isList()) {
      String scalar = setting.printed().get(0);
      // What was written without quotes is shown without them.
      if (scalar.matches("[A-Za-z0-9/][A-Za-z0-9_.:/,+-]*[A-Za-z0-9/]|[A-Za-z0-9]")) {
        return scalar;
      }
      value = scalar;
    }
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.FLOW)
            .setMultiLineFlow(false)
            .setSplitLines(false)
            .setWidth(Integer.MAX_VALUE)
            .build();
    return new Dump(settings).dumpToString(value).strip();
  }
}
