package dev.reprise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectTest {
  @Test
  void numbersAreBroughtToFewClasses() {
    assertThat(value((byte) 1)).isEqualTo(1L);
    assertThat(value((short) 1)).isEqualTo(1L);
    assertThat(value(1)).isEqualTo(1L);
    assertThat(value(1L)).isEqualTo(1L);
    assertThat(value(BigInteger.TEN)).isEqualTo(BigInteger.TEN);
    assertThat(value(new BigDecimal("1.50"))).isEqualTo(new BigDecimal("1.50"));
    assertThat(value(0.7)).isEqualTo(0.7);
  }

  @Test
  void aFloatBecomesTheDoubleOfItsShortestDigits() {
    assertThat(value(0.7f)).isEqualTo(0.7);
    assertThat(value(-0.1f)).isEqualTo(-0.1);
    assertThat(value(0f)).isEqualTo(0.0);
    assertThat(value(Float.MAX_VALUE)).isEqualTo(3.4028235E38);
    assertThat(value(Float.MIN_VALUE)).isEqualTo(1E-45);
    assertThat(value(16777216f)).isEqualTo(16777216.0);
    assertThat(value(Float.intBitsToFloat(2))).isEqualTo(3E-45);
  }

  @Test
  void aCopyWithOneMemberMoreIsCheckedAndFrozenAsAWholeOneIs() {
    List<Object> list = new ArrayList<>(List.of(1));
    JsonObject object = JsonObject.of("a", "b").with("list", list);
    list.add(2);
    assertThat(object.values()).isEqualTo(Map.of("a", "b", "list", List.of(1L)));
    assertThat(object).isEqualTo(new JsonObject(object.values()));
    assertThat(object.hashCode()).isEqualTo(new JsonObject(object.values()).hashCode());
    assertThatThrownBy(() -> object.values().keySet().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> object.values().entrySet().iterator().next().setValue(1))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> object.with("x", Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("$.x");
    assertThat(new JsonObject(Map.of("o", object.values())).get("o")).contains(object.values());
    JsonObject deep = JsonObject.of("a", 1);
    for (int i = 1; i < JsonObject.MAXIMUM_DEPTH; i++) {
      deep = JsonObject.of("a", deep.values());
    }
    JsonObject deepest = deep;
    assertThatThrownBy(() -> JsonObject.of("a", deepest.values()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nested deeper");
  }

  @Test
  @SuppressWarnings("NullAway") // A caller without null checks may pass it.
  void aMemberHasAName() {
    assertThatThrownBy(() -> JsonObject.empty().with(null, "x"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("name");
    assertThatThrownBy(() -> JsonObject.of(null, "x"))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("name");
  }

  @Test
  void itIsACopyThatCannotBeChanged() {
    List<Object> list = new ArrayList<>(List.of("a"));
    Map<String, Object> inner = new HashMap<>(Map.of("list", list));
    Map<String, Object> outer = new LinkedHashMap<>();
    outer.put("inner", inner);
    outer.put("none", null);
    JsonObject object = new JsonObject(outer);
    list.add("b");
    inner.clear();
    outer.clear();
    assertThat(object.values()).hasToString("{inner={list=[a]}, none=null}");
    assertThatThrownBy(() -> object.values().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> ((Map<?, ?>) object.get("inner").orElseThrow()).clear())
        .isInstanceOf(UnsupportedOperationException.class);
    JsonObject more = object.with("none", 1);
    assertThat(more.get("none")).contains(1L);
    assertThat(object.get("none")).isEmpty();
    assertThat(object.get("absent")).isEmpty();
    assertThat(object.isEmpty()).isFalse();
    assertThat(JsonObject.empty().isEmpty()).isTrue();
  }

  @Test
  void itIsNestedAtMostSoDeep() {
    assertThat(nested(JsonObject.MAXIMUM_DEPTH - 1)).isNotNull();
    assertThatThrownBy(() -> nested(JsonObject.MAXIMUM_DEPTH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("$.a[0][0]")
        .hasMessageEndingWith("... is nested deeper than 64 levels");
    List<Object> itself = new ArrayList<>();
    itself.add(itself);
    assertThatThrownBy(() -> value(itself)).hasMessageContaining("nested deeper");
  }

  private static JsonObject nested(int levels) {
    Object value = "deep";
    for (int i = 0; i < levels; i++) {
      value = List.of(value);
    }
    return JsonObject.of("a", value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aNumberIsFinite(double number) {
    assertThatThrownBy(() -> value(List.of(Map.of("b", number))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("$.a[0].b is " + number + ", which JSON has no number for");
    assertThatThrownBy(() -> value((float) number)).hasMessageStartingWith("$.a is ");
  }

  @Test
  void otherClassesAreRefusedWithTheirPath() {
    assertThatThrownBy(() -> value(List.of(1, Map.of("b", 'c'))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "$.a[1].b is a java.lang.Character; JSON has null, booleans, numbers, strings, lists"
                + " and maps");
    assertThatThrownBy(() -> value(Map.of(1, 2)))
        .hasMessage("$.a has a member whose name is not a string");
  }

  private static Object value(Object value) {
    return JsonObject.of("a", value).get("a").orElseThrow();
  }
}
