package dev.reprise.key.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.CacheControl;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Contributor;
import dev.reprise.model.Message;
import dev.reprise.model.Tag;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Changes every component of every record in a request, one at a time. A new component is found by
 * reflection; one of a type for which there is no sample fails here.
 */
class KeyCompletenessTest {
  /** What is not part of the key, and why. */
  private static final Map<String, String> NOT_IN_THE_KEY =
      Map.of(
          "CacheRequest.control",
          "says what the cache does with the request; the model never sees it");

  /** An identifier only links; to break a link at either of its ends is one and the same change. */
  private static final Set<String> LINKS = Set.of("ToolCall.id", "ToolResult.callId");

  /** Samples where a component does not take just any value of its type. */
  private static final Map<String, Object> SAMPLES = Map.of("ContentHash.hex", "0".repeat(64));

  private record Change(String component, String path, CacheRequest request) {}

  private final List<Change> changes = new ArrayList<>();
  private final Set<Class<?>> visited = new LinkedHashSet<>();

  @Test
  void everyComponentChangesTheExactKey() {
    CacheRequest base = RichRequest.create();
    walk(base, "request", value -> (CacheRequest) value);
    Map<ExactKey, String> keys = new HashMap<>();
    keys.put(Canonicalizer.exactKey(base), "the request as it is");
    for (Change change : changes) {
      ExactKey key = Canonicalizer.exactKey(change.request());
      if (LINKS.contains(change.component())) {
        assertThat(key).as(change.path()).isNotEqualTo(Canonicalizer.exactKey(base));
        continue;
      }
      String other = keys.put(key, change.path());
      assertThat(other).as(change.path() + " has the key of").isNull();
    }
    assertThat(changes).hasSizeGreaterThan(80);
  }

  @Test
  void everyComponentButTheFinalUserTextChangesTheFingerprint() {
    CacheRequest base = RichRequest.create();
    walk(base, "request", value -> (CacheRequest) value);
    String last = "request.messages[" + (base.messages().size() - 1) + "].parts[0].text";
    assertThat(changes).extracting(Change::path).contains(last);
    for (Change change : changes) {
      if (change.path().equals(last)) {
        assertThat(fingerprint(change.request())).isEqualTo(fingerprint(base));
      } else {
        assertThat(fingerprint(change.request())).as(change.path()).isNotEqualTo(fingerprint(base));
      }
    }
  }

  @Test
  void everyRecordThatARequestCanHoldIsInTheSample() {
    walk(RichRequest.create(), "request", value -> (CacheRequest) value);
    Set<Class<?>> reachable = new LinkedHashSet<>();
    reach(CacheRequest.class, reachable);
    assertThat(visited).containsExactlyInAnyOrderElementsOf(reachable);
  }

  @Test
  void whatStandsOnTheListIsThereAndDoesNotChangeAKey() {
    for (String component : NOT_IN_THE_KEY.keySet()) {
      assertThat(component).isEqualTo("CacheRequest.control");
    }
    CacheRequest base = RichRequest.create();
    for (CacheControl.Directive directive : CacheControl.Directive.values()) {
      assertSameKeys(base, base.withControl(CacheControl.DEFAULT.with(directive)));
    }
    assertSameKeys(base, base.withControl(CacheControl.DEFAULT.with(Tag.of("tag"))));
    assertSameKeys(
        base, base.withControl(CacheControl.DEFAULT.withMaximumAge(Duration.ofSeconds(1))));
    assertSameKeys(
        base, base.withControl(CacheControl.DEFAULT.withTimeToLive(Duration.ofSeconds(1))));
    assertSameKeys(
        base, base.withControl(CacheControl.DEFAULT.withContributor(Contributor.of("someone"))));
  }

  private static void assertSameKeys(CacheRequest one, CacheRequest other) {
    assertThat(Canonicalizer.exactKey(other)).isEqualTo(Canonicalizer.exactKey(one));
    assertThat(Canonicalizer.question(other)).isEqualTo(Canonicalizer.question(one));
  }

  private static Optional<Fingerprint> fingerprint(CacheRequest request) {
    return Canonicalizer.question(request) instanceof Question.Semantic semantic
        ? Optional.of(semantic.fingerprint())
        : Optional.empty();
  }

  private void walk(Object value, String path, Function<Object, CacheRequest> rebuild) {
    Class<?> type = value.getClass();
    visited.add(type);
    for (RecordComponent component : type.getRecordComponents()) {
      String name = type.getSimpleName() + "." + component.getName();
      if (!NOT_IN_THE_KEY.containsKey(name)) {
        change(
            name,
            path + "." + component.getName(),
            read(value, component),
            changed -> rebuild.apply(copy(value, component, changed)));
      }
    }
  }

  private void change(
      String name, String path, Object value, Function<Object, CacheRequest> rebuild) {
    if (SAMPLES.containsKey(name)) {
      add(name, path, rebuild, SAMPLES.get(name));
    } else if (value instanceof String string) {
      add(name, path, rebuild, string + "x");
    } else if (value instanceof Enum<?> constant) {
      for (Object other : constant.getDeclaringClass().getEnumConstants()) {
        if (other != constant) {
          add(name, path + " = " + other, rebuild, other);
        }
      }
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> more = new LinkedHashMap<>(map);
      more.put("one more", null);
      add(name, path + " and one more", rebuild, more);
      for (Object key : map.keySet()) {
        Map<Object, Object> less = new LinkedHashMap<>(map);
        less.remove(key);
        add(name, path + " without " + key, rebuild, less);
      }
    } else if (value instanceof List<?> list) {
      list(name, path, list, rebuild);
    } else if (value instanceof Record) {
      walk(value, path, rebuild);
    } else {
      throw new AssertionError(
          name + " is of " + value.getClass() + ": add a sample of it here, and it to the key");
    }
  }

  private void list(
      String name, String path, List<?> list, Function<Object, CacheRequest> rebuild) {
    assertThat(list).as(path + " needs an element in the sample").isNotEmpty();
    for (int i = 0; i < list.size(); i++) {
      int index = i;
      change(
          name + "[]",
          path + "[" + i + "]",
          list.get(i),
          changed -> {
            List<Object> copy = new ArrayList<>(list);
            copy.set(index, changed);
            return rebuild.apply(copy);
          });
    }
    List<Object> more = new ArrayList<>(list);
    more.add(list.get(list.size() - 1));
    add(name, path + " with the last twice", rebuild, more);
    if (list.size() > 1) {
      List<Object> reversed = new ArrayList<>(list);
      Collections.reverse(reversed);
      add(name, path + " reversed", rebuild, reversed);
      add(name, path + " without the last", rebuild, list.subList(0, list.size() - 1));
    }
    if (!(list.get(0) instanceof Message)) {
      add(name, path + " empty", rebuild, List.of());
    }
  }

  private void add(
      String name, String path, Function<Object, CacheRequest> rebuild, Object changed) {
    changes.add(new Change(name, path, rebuild.apply(changed)));
  }

  private static void reach(Type type, Set<Class<?>> reachable) {
    if (type instanceof ParameterizedType parameterized) {
      for (Type argument : parameterized.getActualTypeArguments()) {
        reach(argument, reachable);
      }
    } else if (type instanceof Class<?> reached) {
      if (reached.isSealed()) {
        for (Class<?> permitted : reached.getPermittedSubclasses()) {
          reach(permitted, reachable);
        }
      } else if (reached.isRecord() && reachable.add(reached)) {
        for (RecordComponent component : reached.getRecordComponents()) {
          if (!NOT_IN_THE_KEY.containsKey(reached.getSimpleName() + "." + component.getName())) {
            reach(component.getGenericType(), reachable);
          }
        }
      }
    }
  }

  private static Object read(Object record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(component.toString(), e);
    }
  }

  private static Object copy(Object record, RecordComponent changed, Object value) {
    RecordComponent[] components = record.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          components[i].getName().equals(changed.getName()) ? value : read(record, components[i]);
    }
    try {
      return record.getClass().getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(changed + " = " + value, e);
    }
  }
}
