package dev.reprise.cli.config;

import dev.reprise.cli.io.InputException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The environment variables whose names begin with {@code REPRISE_}. */
final class Variables {
  /** Those that are no option of the gateway: they name its file, or are the launcher's. */
  private static final Set<String> OTHERS =
      Set.of(
          SettingKey.variable("config"),
          "REPRISE_DEBUG",
          "REPRISE_JAVA_HOME",
          "REPRISE_JAVA_OPTIONS",
          "REPRISE_HOME",
          "REPRISE_VERSION");

  /** Variables of the stacks in docker/ and of the build. A shell may hold them as well. */
  private static final Pattern OF_STACK =
      Pattern.compile(
          "REPRISE_(?:(?:TEST|VERIFY|MINIO|ETCD|GRAFANA|PROMETHEUS|GATEWAY)_[A-Z_]+|[A-Z]+_IMAGE"
              + "|MILVUS_ROOT_PASSWORD|MILVUS_PORT|REDIS_(?:PASSWORD|PORT|MAXMEMORY)|CHROMIUM"
              + "|CACHE_DIR)");

  /**
   * Kubernetes tells a container of every service beside it. One that is called "reprise" makes
   * REPRISE_SERVICE_HOST, REPRISE_PORT and others.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "REPRISE_(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?"
              + "|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)");

  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(?:tcp|udp|sctp)://.*");

  private Variables() {}

  /** Returns the user's own variables: {@code environment} without those that Kubernetes adds. */
  static Map<String, String> ofGateway(Map<String, String> environment) {
    Map<String, String> variables = new HashMap<>(environment);
    variables
        .entrySet()
        .removeIf(
            one ->
                SERVICE_LINK.matcher(one.getKey()).matches()
                    || (one.getKey().startsWith(SettingKey.VARIABLE_PREFIX)
                        && one.getKey().endsWith("_PORT")
                        && SERVICE_ADDRESS.matcher(one.getValue()).matches()));
    return variables;
  }

  /**
   * Checks that every variable that begins with {@code REPRISE_} is one of the command's, or named
   * by an option that takes the name of a variable.
   *
   * @throws InputException if one is not; the message says which one may be meant
   */
  static void check(Map<String, String> environment, Collection<Setting> settings) {
    Set<String> known = new HashSet<>(OTHERS);
    for (Setting setting : settings) {
      known.addAll(setting.key().variables());
      if (setting.key().name().endsWith("-env") || setting.key().name().equals("group")) {
        setting
            .values()
            .forEach(value -> known.add(value.substring(value.lastIndexOf('=') + 1).strip()));
      }
    }
    for (String name : new TreeSet<>(environment.keySet())) {
      boolean isOurs = name.startsWith(SettingKey.VARIABLE_PREFIX);
      boolean isSaid = !environment.getOrDefault(name, "").isBlank();
      if (isOurs && isSaid && !known.contains(name) && !OF_STACK.matcher(name).matches()) {
        String nearest =
            ConfigurationFile.nearest(
                name, settings.stream().flatMap(one -> one.key().variables().stream()));
        throw new InputException(
            "the environment variable "
                + name
                + " is not known"
                + (nearest.isEmpty() ? "" : "; is " + nearest + " meant?")
                + " (./reprise serve --print-config lists the keys: REPRISE_ and the key in capital"
                + " letters)");
      }
    }
  }
}
