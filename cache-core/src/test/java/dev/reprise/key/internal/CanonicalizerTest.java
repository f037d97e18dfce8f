package dev.reprise.key.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.ContentHash;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.model.Scope;
import dev.reprise.model.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CanonicalizerTest {
  private static final Scope ACME = Scope.of("acme");

  private static CacheRequest simple(String question) {
    return CacheRequest.builder(ACME)
        .provider("openai")
        .model("gpt-4o-mini")
        .system("Be brief.")
        .user(question)
        .temperature(0)
        .build();
  }

  // --- golden: whoever breaks these has changed every key, and raises SCHEMA --------------------

  @Test
  void theCanonicalFormIsTheOneOfTheDocumentation() {
    CacheRequest request = simple("What is a key?");
    String form =
        "{\"answerFormat\":\"text/1\",\"documents\":[],\"kind\":\"exact\",\"messages\":["
            + "{\"attributes\":{},\"parts\":[{\"attributes\":{},\"text\":\"Be brief.\","
            + "\"type\":\"text\"}],\"role\":\"SYSTEM\"},"
            + "{\"attributes\":{},\"parts\":[{\"attributes\":{},\"text\":\"What is a key?\","
            + "\"type\":\"text\"}],\"role\":\"USER\"}],"
            + "\"model\":\"gpt-4o-mini\",\"parameters\":{\"temperature\":0},"
            + "\"provider\":\"openai\",\"schema\":\"reprise/2\",\"scope\":\"acme\",\"tools\":[],"
            + "\"useCase\":\"question\"}";
    assertThat(Canonicalizer.canonicalForm(request, Canonicalizer.Purpose.EXACT).text())
        .isEqualTo(form);
    assertThat(Canonicalizer.canonicalForm(request, Canonicalizer.Purpose.FINGERPRINT).text())
        .isEqualTo(
            form.replace("\"exact\"", "\"fingerprint\"")
                .replace("\"What is a key?\"", "{\"type\":\"question\"}"));
    assertThat(Canonicalizer.exactKey(request).hash())
        .isEqualTo(ContentHash.of(form.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theKeysOfSchema2() {
    assertThat(Canonicalizer.SCHEMA).isEqualTo("reprise/2");
    assertThat(Canonicalizer.exactKey(simple("What is a key?")).hex())
        .isEqualTo("7eb664c7670ff4d90cd3d33acc539cc36f9f38102ae7657b0e61e35f2665184f");
    assertThat(fingerprint(simple("What is a key?")).hex())
        .isEqualTo("42e4732a8f8da764d7790bc64647ee823867d69fd5008cc09882a8bad6e4cc52");
    assertThat(Canonicalizer.exactKey(RichRequest.create()).hex())
        .isEqualTo("924f7fcf079768ef6a3a9a4a50609d829f392b3c1e4b5628bd26c91b40281125");
    assertThat(fingerprint(RichRequest.create()).hex())
        .isEqualTo("394d0322eca79f345840a94c55a8c657a77490549410f2e342652a1513badbbb");
  }

  @ParameterizedTest
  @EnumSource(Canonicalizer.Purpose.class)
  void theFormIsCanonical(Canonicalizer.Purpose purpose) throws IOException {
    String form = Canonicalizer.canonicalForm(RichRequest.create(), purpose).text();
    assertThat(new JsonCanonicalizer(form).getEncodedString()).isEqualTo(form);
  }

  // --- the question -----------------------------------------------------------------------------

  @Test
  void theLastUsersTextIsTheQuestion() {
    Question.Semantic question = semantic(simple("What is a key?"));
    assertThat(question.text()).isEqualTo("What is a key?");
    assertThat(semantic(simple("Something else")).fingerprint()).isEqualTo(question.fingerprint());
  }

  @ParameterizedTest
  @EnumSource(value = Role.class, mode = EnumSource.Mode.EXCLUDE, names = "USER")
  void whatEndsWithAnotherRoleIsMatchedExactly(Role role) {
    CacheRequest request =
        CacheRequest.builder(ACME).user("What is a key?").message(Message.of(role, "text")).build();
    assertThat(Canonicalizer.question(request)).isInstanceOf(Question.ExactOnly.class);
    assertThat(((Question.ExactOnly) Canonicalizer.question(request)).why())
        .contains(role.name().toLowerCase(java.util.Locale.ROOT));
  }

  @Test
  void anEarlierUsersTextIsPartOfTheFingerprint() {
    assertThat(fingerprint(conversation("What is a dog?")))
        .isNotEqualTo(fingerprint(conversation("What is a cat?")));
  }

  private static CacheRequest conversation(String first) {
    return CacheRequest.builder(ACME)
        .user(first)
        .message(Message.assistant("An animal."))
        .user("How old does it get?")
        .build();
  }

  @Test
  void severalTextsAreJoinedAndCounted() {
    CacheRequest two = last(new Part.Text("a"), new Part.Text("b"));
    CacheRequest one = last(new Part.Text("a\nb"));
    assertThat(semantic(two).text()).isEqualTo(semantic(one).text()).isEqualTo("a\nb");
    assertThat(semantic(two).fingerprint()).isNotEqualTo(semantic(one).fingerprint());
    assertThat(Canonicalizer.exactKey(two)).isNotEqualTo(Canonicalizer.exactKey(one));
  }

  @Test
  void aBlankTextIsMatchedExactly() {
    for (String blank : List.of("", " ", "\n\t", "\u2003")) {
      assertThat(Canonicalizer.question(last(new Part.Text(blank))))
          .isEqualTo(new Question.ExactOnly("the last message has no text"));
    }
    assertThat(Canonicalizer.question(last())).isInstanceOf(Question.ExactOnly.class);
  }

  @Test
  void aPictureIsPartOfTheFingerprintNotOfTheQuestion() {
    CacheRequest cat = last(new Part.Text("What is this?"), picture("cat"));
    CacheRequest dog = last(new Part.Text("What is this?"), picture("dog"));
    assertThat(semantic(cat).text()).isEqualTo("What is this?");
    assertThat(fingerprint(cat)).isNotEqualTo(fingerprint(dog));
    assertThat(Canonicalizer.question(last(picture("cat")))).isInstanceOf(Question.ExactOnly.class);
  }

  @Test
  void aTextThatLooksLikeTheQuestionsPlaceIsNot() {
    CacheRequest forged =
        CacheRequest.builder(ACME).user("{\"type\":\"question\"}").user("a").build();
    CacheRequest other = CacheRequest.builder(ACME).user("b").user("a").build();
    assertThat(fingerprint(forged)).isNotEqualTo(fingerprint(other));
  }

  @Test
  void theUnicodeFormOfTheQuestionMatters() {
    CacheRequest composed = simple("caf\u00e9");
    CacheRequest decomposed = simple("cafe\u0301");
    assertThat(Canonicalizer.exactKey(decomposed)).isNotEqualTo(Canonicalizer.exactKey(composed));
    assertThat(Canonicalizer.question(decomposed)).isNotEqualTo(Canonicalizer.question(composed));
    assertThat(fingerprint(decomposed)).isEqualTo(fingerprint(composed));
  }

  @Test
  void aLoneSurrogateHasNoKey() {
    assertThatThrownBy(() -> Canonicalizer.exactKey(simple("\ud800")))
        .isInstanceOf(UncanonicalException.class);
    assertThatThrownBy(() -> Canonicalizer.question(simple("\ud800")))
        .isInstanceOf(UncanonicalException.class);
  }

  // --- what cannot be shifted or forged ---------------------------------------------------------

  @Test
  void textDoesNotMoveBetweenNeighbours() {
    List<CacheRequest> requests =
        List.of(
            CacheRequest.builder(ACME).user("a").user("b").build(),
            CacheRequest.builder(ACME).user("a\nb").build(),
            CacheRequest.builder(ACME).user("ab").build(),
            CacheRequest.builder(ACME).system("a").user("b").build(),
            CacheRequest.builder(ACME).provider("a").user("b").build(),
            CacheRequest.builder(ACME).model("a").user("b").build(),
            CacheRequest.builder(ACME).user("b").tool(new Tool("a", JsonObject.empty())).build(),
            CacheRequest.builder(ACME)
                .user("b")
                .tool(new Tool("t", JsonObject.of("name", "a")))
                .build(),
            CacheRequest.builder(ACME).user("b").parameter("tools", List.of()).build(),
            CacheRequest.builder(ACME).user("b").parameter("seed", null).build(),
            CacheRequest.builder(ACME).user("b").parameter("seed", "null").build(),
            CacheRequest.builder(ACME).user("b").parameter("seed", 1).build(),
            CacheRequest.builder(ACME).user("b").parameter("seed", "1").build(),
            CacheRequest.builder(ACME).user("b").build());
    assertThat(requests.stream().map(Canonicalizer::exactKey)).doesNotHaveDuplicates();
  }

  @Test
  void otherIdentifiersOfToolCallsHaveTheSameKey() {
    assertThat(Canonicalizer.exactKey(RichRequest.withCallIds("x9", "a0")))
        .isEqualTo(Canonicalizer.exactKey(RichRequest.create()));
    assertThat(Canonicalizer.question(RichRequest.withCallIds("x9", "a0")))
        .isEqualTo(Canonicalizer.question(RichRequest.create()));
  }

  @Test
  void whichResultBelongsToWhichCallCounts() {
    assertThat(Canonicalizer.exactKey(answered("1", "2")))
        .isNotEqualTo(Canonicalizer.exactKey(answered("2", "1")));
    assertThat(Canonicalizer.exactKey(answered("1", "2")))
        .isNotEqualTo(Canonicalizer.exactKey(answered("1", "1")));
  }

  private static CacheRequest answered(String first, String second) {
    JsonObject none = JsonObject.empty();
    return CacheRequest.builder(ACME)
        .user("Weather?")
        .message(
            new Message(
                Role.ASSISTANT,
                List.of(
                    new Part.ToolCall("1", "weather", "Paris"),
                    new Part.ToolCall("2", "weather", "Rome")),
                none))
        .message(
            new Message(
                Role.TOOL,
                List.of(
                    new Part.ToolResult(first, "weather", List.of(new Part.Text("rain")), none),
                    new Part.ToolResult(second, "weather", List.of(new Part.Text("sun")), none)),
                none))
        .build();
  }

  private static Part picture(String content) {
    return new Part.Media(
        "image",
        new Part.Inline(ContentHash.of(content.getBytes(StandardCharsets.UTF_8)), "image/png"),
        JsonObject.empty());
  }

  private static CacheRequest last(Part... parts) {
    return CacheRequest.builder(ACME)
        .message(new Message(Role.USER, List.of(parts), JsonObject.empty()))
        .build();
  }

  private static Question.Semantic semantic(CacheRequest request) {
    return (Question.Semantic) Canonicalizer.question(request);
  }

  private static Fingerprint fingerprint(CacheRequest request) {
    return semantic(request).fingerprint();
  }
}
