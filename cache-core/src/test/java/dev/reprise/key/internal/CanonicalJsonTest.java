package dev.reprise.key.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reprise.model.ContentHash;
import dev.reprise.model.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {

  // --- RFC 8785 ---------------------------------------------------------------------------------

  @Test
  void theExampleOfRfc8785() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("numbers", List.of(Double.parseDouble("333333333.33333329"), 1E30, 4.50, 2e-3, 1e-27));
    tree.put("string", "\u20ac$\u000f\nA'B\"\\\\\"/");
    tree.put("literals", Arrays.asList(null, true, false));
    assertThat(CanonicalJson.write(tree))
        .isEqualTo(
            "{\"literals\":[null,true,false],"
                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  /** Appendix B of RFC 8785: the bits of a double, and how it is written. */
  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 0",
    "8000000000000000, 0",
    "0000000000000001, 5e-324",
    "8000000000000001, -5e-324",
    "7fefffffffffffff, 1.7976931348623157e+308",
    "ffefffffffffffff, -1.7976931348623157e+308",
    "4340000000000000, 9007199254740992",
    "c340000000000000, -9007199254740992",
    "4430000000000000, 295147905179352830000",
    "44b52d02c7e14af5, 9.999999999999997e+22",
    "44b52d02c7e14af6, 1e+23",
    "44b52d02c7e14af7, 1.0000000000000001e+23",
    "444b1ae4d6e2ef4e, 999999999999999700000",
    "444b1ae4d6e2ef4f, 999999999999999900000",
    "444b1ae4d6e2ef50, 1e+21",
    "3eb0c6f7a0b5ed8c, 9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d, 0.000001",
    "41b3de4355555553, 333333333.3333332",
    "41b3de4355555554, 333333333.33333325",
    "41b3de4355555555, 333333333.3333333",
    "41b3de4355555556, 333333333.3333334",
    "41b3de4355555557, 333333333.33333343",
    "becbf647612f3696, -0.0000033333333333333333",
    "43143ff3c1cb0959, 1424953923781206.2",
  })
  void theNumbersOfRfc8785(String bits, String written) {
    double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(CanonicalJson.write(number)).isEqualTo(written);
    assertThat(CanonicalJson.write(new BigDecimal(written))).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatIsNoNumberHasNoForm(double number) {
    assertThatThrownBy(() -> CanonicalJson.write(number)).isInstanceOf(UncanonicalException.class);
  }

  /** Section 3.2.3, with U+FB00 added. */
  @Test
  void namesAreSortedByUtf16CodeUnits() {
    Map<String, Object> tree = new LinkedHashMap<>();
    for (String name :
        List.of("\u20ac", "\r", "\ufb00", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6")) {
      tree.put(name, 0L);
    }
    assertThat(CanonicalJson.write(tree))
        .isEqualTo(
            "{\"\\r\":0,\"1\":0,\"\u0080\":0,\"\u00f6\":0,\"\u20ac\":0,"
                + "\"\ud83d\ude00\":0,\"\ufb00\":0,\"\ufb33\":0}");
  }

  @Test
  void everyControlCharacterIsEscaped() {
    for (char c = 0; c < 0x20; c++) {
      String written = CanonicalJson.write("a" + c + "b");
      String expected =
          switch (c) {
            case '\b' -> "\\b";
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\f' -> "\\f";
            case '\r' -> "\\r";
            default -> String.format("\\u%04x", (int) c);
          };
      assertThat(written).isEqualTo("\"a" + expected + "b\"");
    }
    assertThat(CanonicalJson.write("\u007f")).isEqualTo("\"\u007f\"");
  }

  // --- properties, on seeded random trees -------------------------------------------------------

  @Test
  void anotherImplementationAgrees() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Random random = new Random(8785);
    for (int i = 0; i < 2_000; i++) {
      Map<String, Object> tree = object(random, 4);
      assertThat(CanonicalJson.write(tree))
          .isEqualTo(new JsonCanonicalizer(json.writeValueAsString(tree)).getEncodedString());
    }
  }

  @Test
  void theOrderOfMembersDoesNotMatter() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      Object tree = object(random, 4);
      assertThat(CanonicalJson.write(shuffled(tree, random))).isEqualTo(CanonicalJson.write(tree));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schema",
        "parameters",
        "input_schema",
        "inputSchema",
        "responseSchema",
        "guided_json",
        "properties",
        "$defs"
      })
  void theOrderOfMembersOfASchemaMatters(String name) {
    Map<String, Object> reasoningFirst = new LinkedHashMap<>();
    reasoningFirst.put("reasoning", Map.of("type", "string"));
    reasoningFirst.put("answer", Map.of("type", "string"));
    Map<String, Object> answerFirst = new LinkedHashMap<>();
    answerFirst.put("answer", Map.of("type", "string"));
    answerFirst.put("reasoning", Map.of("type", "string"));
    assertThat(CanonicalJson.write(Map.of("a", Map.of(name, reasoningFirst))))
        .isEqualTo(
            "{\"a\":{\""
                + name
                + "\":{\"reasoning\":{\"type\":\"string\"},"
                + "\"answer\":{\"type\":\"string\"}}}}")
        .isNotEqualTo(CanonicalJson.write(Map.of("a", Map.of(name, answerFirst))));
    // At any depth below it, in lists too.
    assertThat(CanonicalJson.write(Map.of(name, List.of(Map.of("anyOf", List.of(reasoningFirst))))))
        .isNotEqualTo(
            CanonicalJson.write(Map.of(name, List.of(Map.of("anyOf", List.of(answerFirst))))));
    // Beside it, order does not matter.
    assertThat(CanonicalJson.write(Map.of("a", Map.of(name, 1L), "other", reasoningFirst)))
        .isEqualTo(CanonicalJson.write(Map.of("a", Map.of(name, 1L), "other", answerFirst)));
  }

  @Test
  void aSchemaIsWrittenAsItStandsAndAnythingElseSorted() throws IOException {
    Random random = new Random(18);
    for (int i = 0; i < 500; i++) {
      Object tree = object(random, 4);
      Object shuffled = shuffled(tree, random);
      String written = CanonicalJson.write(Map.of("schema", shuffled));
      // Another parser finds the same members, in the order in which they were given.
      assertThat(new ObjectMapper().readTree(written))
          .isEqualTo(new ObjectMapper().readTree(CanonicalJson.write(Map.of("schema", tree))));
      assertThat(
              CanonicalJson.write(Map.of("schema", shuffled))
                  .equals(CanonicalJson.write(Map.of("schema", tree))))
          .isEqualTo(order(shuffled).equals(order(tree)));
      assertThat(CanonicalJson.write(Map.of("other", shuffled)))
          .isEqualTo(CanonicalJson.write(Map.of("other", tree)));
    }
  }

  /** Returns the names of all members of a tree, in order, with their depth. */
  private static String order(Object tree) {
    StringBuilder order = new StringBuilder();
    if (tree instanceof Map<?, ?> map) {
      map.forEach((name, value) -> order.append('{').append(name).append(order(value)).append('}'));
    } else if (tree instanceof List<?> list) {
      list.forEach(value -> order.append('[').append(order(value)).append(']'));
    }
    return order.toString();
  }

  @Test
  void theUnicodeFormMatters() {
    for (String pair :
        List.of("\u212a K", "e\u0301 \u00e9", "\uf900 \u8c48", "\ufb33 \u05d3\u05bc")) {
      String[] both = pair.split(" ", -1);
      assertThat(CanonicalJson.write(both[0])).isNotEqualTo(CanonicalJson.write(both[1]));
      assertThat(CanonicalJson.write(Map.of(both[0], 1L)))
          .isNotEqualTo(CanonicalJson.write(Map.of(both[1], 1L)));
      assertThat(CanonicalJson.write(Map.of(both[0], 1L, both[1], 2L))).contains(both[0], both[1]);
    }
  }

  @Test
  void differentTreesAreWrittenDifferently() {
    Random random = new Random(3);
    Map<String, Object> seen = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      Map<String, Object> tree = object(random, 3);
      Object other = seen.put(CanonicalJson.write(tree), tree);
      if (other != null) {
        assertThat(other).isEqualTo(tree);
      }
    }
  }

  @Test
  void numbersAreWrittenAlikeExactlyWhereTheirValuesAreEqual() {
    Random random = new Random(4);
    List<Number> numbers = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      long near = (1L << (50 + random.nextInt(13))) + random.nextInt(5) - 2;
      numbers.add(near);
      numbers.add(BigInteger.valueOf(near));
      numbers.add(new BigDecimal(near).setScale(2));
      numbers.add(Double.parseDouble(new BigDecimal(near).toString()));
      numbers.add(
          new BigDecimal(BigInteger.valueOf(random.nextInt(200)), random.nextInt(400) - 200));
      numbers.add(BigInteger.valueOf(near).pow(3).add(BigInteger.valueOf(random.nextInt(2))));
      double unit = random.nextInt(50) / 10.0;
      numbers.add(unit);
      numbers.add(new BigDecimal(unit));
      numbers.add(new BigDecimal(Double.toString(unit)));
    }
    for (Number one : numbers) {
      for (Number other : numbers) {
        assertThat(CanonicalJson.write(one).equals(CanonicalJson.write(other)))
            .as("%s %s and %s %s", one.getClass(), one, other.getClass(), other)
            .isEqualTo(value(one).compareTo(value(other)) == 0);
      }
    }
  }

  /** A double is the shortest decimal that reads back as it; RFC 8785 writes that decimal. */
  private static BigDecimal value(Number number) {
    if (number instanceof Double) {
      try {
        return new BigDecimal(
            new JsonCanonicalizer("[" + number + "]")
                .getEncodedString()
                .replaceAll("[\\[\\]]", ""));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return new BigDecimal(number.toString());
  }

  // --- what a key must tell apart, and what it must not -----------------------------------------

  @Test
  void bigNumbersKeepAllTheirDigits() {
    assertThat(CanonicalJson.write((1L << 53) + 1)).isEqualTo("9007199254740993");
    assertThat(CanonicalJson.write(1L << 60)).isEqualTo("1152921504606846976");
    assertThat(CanonicalJson.write((1L << 60) + 1)).isEqualTo("1152921504606846977");
    assertThat(CanonicalJson.write(0x1p60)).isEqualTo("1152921504606847000");
    assertThat(CanonicalJson.write(1152921504606847000L)).isEqualTo("1152921504606847000");
    assertThat(CanonicalJson.write(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
    assertThat(CanonicalJson.write(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
    assertThat(CanonicalJson.write(new BigDecimal("0.1000000000000000055511151231257827")))
        .isEqualTo("1000000000000000055511151231257827E-34");
    assertThat(CanonicalJson.write(new BigDecimal("1E+1000000000"))).isEqualTo("1E1000000000");
  }

  @Test
  void aNumberOfManyDigitsIsWrittenInTime() {
    BigInteger many = BigInteger.TEN.pow(50_000);
    long began = System.nanoTime();
    assertThat(CanonicalJson.write(many)).isEqualTo("1E50000");
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void equalNumbersAreEqual() {
    assertThat(CanonicalJson.write(1.0)).isEqualTo(CanonicalJson.write(1L)).isEqualTo("1");
    assertThat(CanonicalJson.write(new BigDecimal("1.00"))).isEqualTo("1");
    assertThat(CanonicalJson.write(BigInteger.ONE)).isEqualTo("1");
    assertThat(CanonicalJson.write(-0.0)).isEqualTo("0");
    assertThat(CanonicalJson.write(new BigDecimal("-0.00"))).isEqualTo("0");
    assertThat(CanonicalJson.write(new BigDecimal("0.1"))).isEqualTo(CanonicalJson.write(0.1));
    assertThat(CanonicalJson.write(JsonObject.of("n", 0.7f).values())).isEqualTo("{\"n\":0.7}");
  }

  @Test
  void typesAreNotConfused() {
    List<Object> values =
        Arrays.asList(null, "null", "", 0L, "0", 1L, "1", true, "true", false, List.of(), Map.of());
    List<String> written = new ArrayList<>();
    for (Object value : values) {
      written.add(CanonicalJson.write(Collections.singletonMap("a", value)));
    }
    written.add(CanonicalJson.write(Map.of()));
    assertThat(written).doesNotHaveDuplicates();
  }

  @Test
  void separatorsCannotBeForged() {
    List<Object> trees =
        List.of(
            List.of("a", "b"),
            List.of("a\",\"b"),
            List.of("a,b"),
            List.of("a", List.of("b")),
            List.of(List.of("a"), "b"),
            Map.of("a", "b"),
            Map.of("a\":\"b", ""),
            Map.of("a", "b\",\"c\":\"d"),
            Map.of("a", "b", "c", "d"));
    assertThat(trees.stream().map(CanonicalJson::write)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00", "\ud800a", "\udc00\ud800", "\ud83d\ude00\ud83d"})
  void aLoneSurrogateHasNoForm(String text) {
    assertThatThrownBy(() -> CanonicalJson.write(text))
        .isInstanceOf(UncanonicalException.class)
        .hasMessageContaining("lone surrogate");
    assertThatThrownBy(() -> CanonicalJson.write(Map.of(text, 1L)))
        .isInstanceOf(UncanonicalException.class);
  }

  /** A text is written in pieces: whatever stands where one ends is written as anywhere else. */
  @Test
  void longTextsAreWrittenAsShortOnesAre() throws IOException {
    Random random = new Random(7);
    for (int length :
        new int[] {1_000, 1_024, 1_025, 8_190, 8_191, 8_192, 8_193, 20_000, 100_000}) {
      for (String special :
          List.of("\"", "\\", "\n", "\u0001", "?", "\u00e9", "\u20ac", "\ud83d\ude00")) {
        for (int offset = 0; offset < 3; offset++) {
          String text = "x".repeat(length - offset) + special + "y".repeat(random.nextInt(9_000));
          String form = CanonicalJson.write(Map.of("a", text));
          assertThat(form).isEqualTo(new JsonCanonicalizer(form).getEncodedString());
          assertThat(new ObjectMapper().readTree(form).get("a").asText()).isEqualTo(text);
          CanonicalJson hash = CanonicalJson.ofHash();
          hash.value(Map.of("a", text));
          assertThat(hash.hash()).isEqualTo(ContentHash.of(form.getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
  }

  @Test
  void theHashIsThatOfTheText() {
    Random random = new Random(8);
    for (int i = 0; i < 2_000; i++) {
      Map<String, Object> tree = object(random, 3);
      CanonicalJson hash = CanonicalJson.ofHash();
      hash.value(tree);
      assertThat(hash.hash())
          .isEqualTo(ContentHash.of(CanonicalJson.write(tree).getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  void aLoneSurrogateIsFoundWhereverItStands() {
    for (int at : new int[] {0, 1, 7, 8, 9, 8_191, 8_192, 8_193, 20_000}) {
      for (String around : List.of("?", "\u00e9")) {
        String text = around.repeat(at) + "\ud83d" + around.repeat(30);
        assertThatThrownBy(() -> CanonicalJson.write(text))
            .isInstanceOf(UncanonicalException.class)
            .hasMessageContaining("at character " + at);
      }
    }
  }

  @Test
  void whatJsonDoesNotHaveIsRefused() {
    assertThatThrownBy(() -> CanonicalJson.write('c'))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Character");
  }

  // --- the generator ----------------------------------------------------------------------------

  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "Z",
          "0",
          " ",
          "\"",
          "\\",
          "/",
          "\n",
          "\t",
          "\u0001",
          "\u00e9",
          "\u00fc",
          "\u1e9b\u0323",
          "\uac00",
          "\u20ac",
          "\ud83d\ude00",
          ",",
          ":",
          "{",
          "]");

  private static Map<String, Object> object(Random random, int depth) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      object.put(text(random), value(random, depth - 1));
    }
    return object;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> text(random);
      case 1 -> random.nextLong() >> (10 + random.nextInt(50));
      case 2 -> (random.nextInt(20_000) - 10_000) / 100.0;
      case 3 -> random.nextBoolean();
      case 4 -> random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30);
      case 5 -> list(random, depth - 1);
      default -> object(random, depth);
    };
  }

  private static List<Object> list(Random random, int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(value(random, depth));
    }
    return list;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private static Object shuffled(Object tree, Random random) {
    if (tree instanceof Map<?, ?> map) {
      List<Object> names = new ArrayList<>(map.keySet());
      Collections.shuffle(names, random);
      Map<Object, Object> copy = new LinkedHashMap<>();
      names.forEach(name -> copy.put(name, shuffled(map.get(name), random)));
      return copy;
    }
    return tree instanceof List<?> list
        ? list.stream().map(element -> shuffled(element, random)).toList()
        : tree;
  }
}
