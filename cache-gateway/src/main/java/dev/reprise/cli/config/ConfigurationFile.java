package dev.reprise.cli.config;

import dev.reprise.cli.io.InputException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/*
 * The file's nodes are read as they stand: no tag makes an object, a number is the text that was written, and every value knows its
 * line.
 */
/** Reads a configuration from YAML: the keys of a command, those of its policy in a section. */
public final class ConfigurationFile {
  private static final int LARGEST = 1 << 20;

  /** From which likeness on, 0 to 1, a name may be meant by another. */
  private static final double ALIKE = 0.8;

  private final String file;
  private final Map<String, SettingKey> keys;
  private final Map<String, Setting> settings = new LinkedHashMap<>();

  private ConfigurationFile(String file, Map<String, SettingKey> keys) {
    this.file = file;
    this.keys = keys;
  }

  /**
   * Returns the text of {@code file}.
   *
   * @throws InputException if it cannot be read
   */
  public static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new InputException(file + ": is larger than a configuration of 1 MiB");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new InputException(file + ": there is no such file", e);
    } catch (CharacterCodingException e) {
      throw new InputException(file + ": is not UTF-8", e);
    } catch (IOException e) {
      throw new InputException(file + ": cannot be read: " + e, e);
    }
  }

  /**
   * Returns what {@code text} says, by key.
   *
   * @param file what messages call it
   * @param keys what it may say
   * @throws InputException if it is no YAML, or has a key that is not known, comes twice, stands
   *     elsewhere or has a value of another shape; the message begins with file and line
   */
  public static Map<String, Setting> read(String file, String text, Map<String, SettingKey> keys) {
    ConfigurationFile read = new ConfigurationFile(file, keys);
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file).setUseMarks(true).build();
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isPresent() && !isNothing(root.get())) {
        read.section("", root.get());
      }
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new InputException(file + ":" + line + ": is no YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new InputException(file + ": is no YAML: " + e.getMessage(), e);
    }
    return read.settings;
  }

  /** Returns whether {@code text} is YAML that says nothing: blank, or comments only. */
  public static boolean isEmpty(String file, String text) {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file).build();
      return new Compose(settings)
          .composeString(text)
          .map(ConfigurationFile::isNothing)
          .orElse(true);
    } catch (YamlEngineException e) {
      return false;
    }
  }

  private void section(String section, Node node) {
    Set<String> seen = new HashSet<>();
    for (NodeTuple entry : pairs(section.isEmpty() ? "a configuration" : section, node)) {
      String name = scalar("a key", entry.getKeyNode());
      if (!seen.add(name)) {
        throw wrong(entry.getKeyNode(), name + " stands here a second time");
      }
      if (section.isEmpty() && name.equals(SettingKey.POLICY)) {
        if (!isNothing(entry.getValueNode())) {
          section(SettingKey.POLICY, entry.getValueNode());
        }
        continue;
      }
      @Nullable SettingKey key = keys.get(name);
      if (key == null || !key.section().equals(section)) {
        throw wrong(entry.getKeyNode(), unknown(section, name, key));
      }
      settings.put(name, setting(key, entry));
    }
  }

  private String unknown(String section, String name, @Nullable SettingKey elsewhere) {
    if (elsewhere != null) {
      return name
          + " stands "
          + (elsewhere.section().isEmpty() ? "at the top" : "under " + elsewhere.section() + ":")
          + ", not "
          + (section.isEmpty() ? "at the top" : "under " + section + ":");
    }
    @Nullable SettingKey like = keys.get(nearest(name, keys.keySet().stream()));
    String nearest = like == null ? "" : like.path();
    return "there is no key \""
        + name
        + "\""
        + (nearest.isEmpty() ? "" : "; is " + nearest + " meant?")
        + " (./reprise serve --print-config lists the keys)";
  }

  /** Returns the one of {@code known} that {@code name} may be meant by; empty for none. */
  static String nearest(String name, Stream<String> known) {
    JaroWinklerSimilarity likeness = new JaroWinklerSimilarity();
    return known
        .filter(one -> likeness.apply(one, name) >= ALIKE)
        .max(Comparator.comparingDouble(one -> likeness.apply(one, name)))
        .orElse("");
  }

  private Setting setting(SettingKey key, NodeTuple entry) {
    Node value = entry.getValueNode();
    List<String> values = new ArrayList<>();
    if (key.isMap()) {
      Set<String> seen = new HashSet<>();
      for (NodeTuple pair : pairs(key.path(), value)) {
        String name = scalar("a name in " + key.path(), pair.getKeyNode());
        if (!seen.add(name)) {
          throw wrong(pair.getKeyNode(), name + " stands here a second time");
        }
        values.add(name + "=" + scalar(key.path() + "." + name, pair.getValueNode()));
      }
    } else if (key.isList() && value instanceof SequenceNode list) {
      list.getValue().forEach(one -> values.add(scalar(key.path(), one)));
    } else {
      values.add(scalar(key.path(), value));
    }
    return new Setting(key, values, Setting.Source.FILE, file + ":" + line(entry.getKeyNode()));
  }

  private List<NodeTuple> pairs(String what, Node node) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue();
    }
    throw wrong(node, what + " must have names and values, one \"name: value\" a line");
  }

  private String scalar(String what, Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw wrong(node, what + " must be one value");
    }
    if (isNothing(node)) {
      throw wrong(node, what + " has no value; leave it out, or write one");
    }
    return scalar.getValue();
  }

  private static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar
        && scalar.getScalarStyle() == ScalarStyle.PLAIN
        && (scalar.getValue().isEmpty() || scalar.getValue().equals("null"));
  }

  private InputException wrong(Node node, String message) {
    return new InputException(file + ":" + line(node) + ": " + message);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
