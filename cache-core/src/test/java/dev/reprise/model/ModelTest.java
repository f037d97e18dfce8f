package dev.reprise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.internal.Checks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ModelTest {
  private static final Message HELLO = Message.user("Hello");

  @Test
  void whatMayNotBeBlankIsNamed() {
    assertRefused(() -> Scope.of(" "), "scope must not be blank");
    assertRefused(() -> Tag.of(""), "tag must not be blank");
    assertRefused(() -> new UseCase("\t"), "use case must not be blank");
    assertRefused(() -> new Document("", "1"), "id of document must not be blank");
    assertRefused(() -> new Document("a", ""), "version of document a must not be blank");
    assertRefused(() -> new Tool("", JsonObject.empty()), "name of tool must not be blank");
    assertRefused(
        () -> new Part.Media("", new Part.Remote("a"), JsonObject.empty()),
        "kind of media must not be blank");
    assertRefused(() -> new Part.Opaque("", JsonObject.empty()), "type of part must not be blank");
    assertRefused(
        () -> CacheRequest.builder(Scope.of("a")).user("a").answerFormat("").build(),
        "answer format must not be blank");
  }

  @Test
  void whatIsOutOfRangeIsNamedWithItsRange() {
    assertRefused(
        () -> Scope.of("a".repeat(257)), "length of scope is 257, but must be from 1 to 256");
    assertRefused(() -> Tag.of("a".repeat(257)), "length of tag is 257, but must be from 1 to 256");
    assertRefused(
        () -> new TokenUsage.Known(-1, 0),
        "input tokens is -1, but must be from 0 to 9223372036854775807");
    assertRefused(
        () -> CacheControl.DEFAULT.withTimeToLive(Duration.ZERO),
        "time to live is PT0S, but must be longer than zero");
    assertRefused(
        () -> CacheControl.DEFAULT.withMaximumAge(Duration.ofSeconds(-1)),
        "maximum age is PT-1S, but must not be negative");
    assertRefused(
        () -> CacheControl.DEFAULT.withMaximumWrongRate(1.1),
        "maximum rate of wrong answers is 1.1, but must be from 0.0 to 1.0");
    assertRefused(
        () -> new ContentHash("A".repeat(64)),
        "a SHA-256 has 64 lower-case hexadecimal digits, not: " + "A".repeat(64));
    assertRefused(
        () -> CacheRequest.builder(Scope.of("a")).build(), "a request has at least one message");
  }

  @Test
  void theChecksTakeTheirBounds() {
    assertThat(Checks.inRange("a", 1, 1, 2)).isEqualTo(1);
    assertThat(Checks.inRange("a", 2L, 1L, 2L)).isEqualTo(2L);
    assertThat(Checks.inRange("a", 1.0, 0.0, 1.0)).isEqualTo(1.0);
    Duration second = Duration.ofSeconds(1);
    assertThat(Checks.inRange("a", second, second, second)).isEqualTo(second);
    assertThat(Checks.positive("a", Duration.ofNanos(1))).isEqualTo(Duration.ofNanos(1));
    assertThat(Checks.notBlank("a", "b")).isEqualTo("b");
    assertRefused(() -> Checks.inRange("a", 0, 1, 2), "a is 0, but must be from 1 to 2");
    assertRefused(
        () -> Checks.inRange("a", Double.NaN, 0, 1), "a is NaN, but must be from 0.0 to 1.0");
    assertRefused(
        () -> Checks.inRange("a", Duration.ZERO, second, second),
        "a is PT0S, but must be from PT1S to PT1S");
  }

  @Test
  void roundingIsForgivenAndMoreIsNot() {
    assertThat(new Similarity(1.0000001)).isEqualTo(new Similarity(1));
    assertThat(new Similarity(-1.0000001)).isEqualTo(new Similarity(-1));
    assertRefused(
        () -> new Similarity(1.01),
        "cosine is 1.01, but must be from -1.0 to 1.0; for 1.01 % write 0.0101");
    assertRefused(() -> new Similarity(Double.NaN), "cosine is NaN, but must be from -1.0 to 1.0");
    assertThat(new Similarity(0.5).isAtLeast(new Similarity(0.5))).isTrue();
    assertThat(new Similarity(0.4).isAtLeast(new Similarity(0.5))).isFalse();
    assertThat(new Similarity(0.4)).isLessThan(new Similarity(0.5));
  }

  @Test
  void aRequestIsACopy() {
    List<Message> messages = new ArrayList<>(List.of(HELLO));
    CacheRequest request = CacheRequest.builder(Scope.of("a")).messages(messages).build();
    messages.clear();
    assertThat(request.messages()).containsExactly(HELLO);
    Set<Document> documents = new HashSet<>(Set.of(new Document("a", "1")));
    Answer answer = new Answer("a", "a", Completion.COMPLETE, new TokenUsage.Unknown(), documents);
    documents.clear();
    assertThat(answer.documents()).hasSize(1);
  }

  @Test
  void parametersAreCollectedInOneObject() {
    CacheRequest request =
        CacheRequest.builder(Scope.of("a"))
            .message(HELLO)
            .temperature(0.5)
            .parameter("seed", 7)
            .parameter("seed", 8)
            .build();
    assertThat(request.parameters().values()).isEqualTo(Map.of("temperature", 0.5, "seed", 8L));
    assertThat(request.temperature()).hasValue(0.5);
    CacheRequest.Builder builder = CacheRequest.builder(Scope.of("a"));
    assertRefused(
        () -> builder.parameter("seed", Double.NaN), "$.seed is NaN, which JSON has no number for");
  }

  @Test
  void aToolsResultHasNoToolsResult() {
    Part.ToolResult result = new Part.ToolResult("1", "a", List.of(), JsonObject.empty());
    assertRefused(
        () -> new Part.ToolResult("2", "b", List.of(result), JsonObject.empty()),
        "a tool result has a tool result in its content");
  }

  @Test
  void theTagOfADocumentFitsWhateverItsIdentifier() {
    assertThat(Tag.document("terms").name()).isEqualTo("document:terms");
    assertThat(Tag.document("a".repeat(300)).name()).hasSize("document:".length() + 64);
    assertThat(Tag.document("a".repeat(300))).isNotEqualTo(Tag.document("a".repeat(301)));
  }

  @Test
  void controlIsBuiltUp() {
    CacheControl control =
        CacheControl.DEFAULT
            .with(CacheControl.Directive.NO_CACHE)
            .with(Tag.of("a"))
            .withTimeToLive(Duration.ofSeconds(1))
            .withMaximumWrongRate(0.5)
            .withMaximumAge(Duration.ofSeconds(2));
    assertThat(control.wrongAnswers()).isEqualTo(new CacheControl.WrongAnswers.AtMost(0.5));
    assertThat(CacheControl.DEFAULT.wrongAnswers())
        .isEqualTo(new CacheControl.WrongAnswers.OfMatcher());
    assertThat(control.has(CacheControl.Directive.NO_CACHE)).isTrue();
    assertThat(control.has(CacheControl.Directive.NO_STORE)).isFalse();
    assertThat(control.tags()).containsExactly(Tag.of("a"));
    assertThat(control.maximumAge()).isEqualTo(Duration.ofSeconds(2));
    assertThat(control.timeToLive())
        .isEqualTo(new CacheControl.TimeToLive.Exactly(Duration.ofSeconds(1)));
  }

  @Test
  void theHashIsSha256() {
    assertThat(ContentHash.of(new byte[0]).hex())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
