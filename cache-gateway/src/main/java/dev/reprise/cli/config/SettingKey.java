package dev.reprise.cli.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One thing that a command can be told: an option, which the environment and a file know by the
 * same name.
 *
 * @param name as it stands in a file: "max-body-bytes"
 * @param option the option
 * @param section where it stands in a file, empty for the top
 */
public record SettingKey(String name, OptionSpec option, String section) {
  /** Begins the names of variables: {@value}. */
  static final String VARIABLE_PREFIX = "REPRISE_";

  /** The section of a file that holds the options of the policy: {@value}. */
  public static final String POLICY = "policy";

  /** What names the file, or asks for something else than to serve, does not stand in it. */
  private static final Set<String> NOT_IN_A_FILE = Set.of("config", "print-config");

  /** The words of a name, or of a value, that is never shown. */
  private static final Set<String> SECRET = Set.of("token", "secret", "password");

  /** Variables that others gave a name to, which count where ours is not set. */
  private static final Map<String, String> OTHERS_VARIABLES =
      Map.of("otlp-endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT", "milvus-token", "MILVUS_TOKEN");

  /** Returns what {@code command} can be told, by name, in the order of its help. */
  public static Map<String, SettingKey> of(CommandSpec command) {
    Map<String, SettingKey> keys = new LinkedHashMap<>();
    CommandSpec policy = command.mixins().get(POLICY);
    for (OptionSpec option : command.options()) {
      String name = option.longestName().substring("--".length());
      if (option.usageHelp() || option.versionHelp() || NOT_IN_A_FILE.contains(name)) {
        continue;
      }
      boolean isPolicy = policy != null && policy.optionsMap().containsKey(option.longestName());
      keys.put(name, new SettingKey(name, option, isPolicy ? POLICY : ""));
    }
    return keys;
  }

  /** Returns the name of the flag. */
  String flag() {
    return "--" + name;
  }

  /** Returns the names of its environment variables, the first that is set counts. */
  List<String> variables() {
    String others = OTHERS_VARIABLES.get(name);
    return others == null ? List.of(variable(name)) : List.of(variable(name), others);
  }

  /** Returns the name of the environment variable of the option {@code name}. */
  public static String variable(String name) {
    return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Returns the name with its section before it. */
  public String path() {
    return section.isEmpty() ? name : section + "." + name;
  }

  /** Returns whether it takes NAME=VALUE pairs. */
  boolean isMap() {
    return Map.class.isAssignableFrom(option.type());
  }

  /** Returns whether it takes several values. */
  boolean isList() {
    return !isMap() && Collection.class.isAssignableFrom(option.type());
  }

  /** Returns whether its value is never shown. The name of a variable is no secret. */
  boolean isSecret() {
    return !name.endsWith("-env") && SECRET.stream().anyMatch(word -> name.endsWith(word));
  }

  /** Returns the value where nobody tells one; empty where there is none, or several could be. */
  public Optional<String> defaultValue() {
    String value = option.defaultValue();
    if (isMap() || isList()) {
      return Optional.empty();
    }
    if (value == null) {
      return option.arity().max() == 0 ? Optional.of("false") : Optional.empty();
    }
    // What the environment would say was looked for there already.
    return Optional.of(value.startsWith("${env:") ? "" : value);
  }
}
