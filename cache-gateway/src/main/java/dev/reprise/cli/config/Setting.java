package dev.reprise.cli.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What one key was told, and by whom.
 *
 * @param key the key
 * @param values none where it was told nothing and has no default; several where it takes several
 * @param source by whom
 * @param origin that source by name: "--port", "REPRISE_PORT", "reprise.yaml:3"
 */
public record Setting(SettingKey key, List<String> values, Source source, String origin) {
  private static final String MASK = "********";
  private static final Pattern USER_OF_URL = Pattern.compile("(?<=://)[^/@\\s]*(?=@)");

  public Setting {
    values = List.copyOf(values);
  }

  /** Who can tell, the strongest first. */
  enum Source {
    FLAG,
    ENVIRONMENT,
    FILE,
    DEFAULT
  }

  /** Returns the values as people may see them. */
  List<String> printed() {
    return values.stream()
        .map(
            value ->
                key.isSecret() && !value.isEmpty()
                    ? MASK
                    : USER_OF_URL.matcher(value).replaceAll(MASK))
        .toList();
  }
}
