package dev.reprise.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.gateway.http.Json;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.tier.Entry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryJsonTest {
  private static final ExactKey KEY = ExactKey.ofHex("ab".repeat(32));
  private static final Instant STORED = Instant.parse("2026-11-25T10:00:00.123456789Z");

  private static Entry entry(Question question, Answer answer) {
    return new Entry(
        KEY,
        question,
        answer,
        Duration.ofNanos(1_234_567_891),
        "m \"1\"",
        STORED,
        STORED.plusSeconds(3600),
        Set.of(Tag.of("a, b"), Tag.document("d")));
  }

  private static ObjectNode written(Entry entry) throws IOException {
    return (ObjectNode) Json.read(Json.bytes(EntryJson.write(entry)));
  }

  @Test
  void nothingIsLost() throws IOException {
    Entry semantic =
        entry(
            new Question.Semantic(Fingerprint.ofHex("cd".repeat(32)), "Wie geht's? \uD83D\uDE42"),
            new Answer(
                "Gut\n",
                "{\"choices\":[]}",
                Completion.TOOL_CALLS,
                new TokenUsage.Known(7, 9),
                Set.of(new Document("d", "2"))));
    Entry exact = entry(new Question.ExactOnly("it has a picture"), Answer.ofText("yes"));

    assertThat(EntryJson.read(written(semantic))).isEqualTo(semantic);
    assertThat(EntryJson.read(written(exact))).isEqualTo(exact);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "key, `\"12\"`",
        "key, 12",
        "fingerprint, `\"12\"`",
        "question, `\" \"`",
        "storedAt, `\"yesterday\"`",
        "expiresAt, `\"2026-11-25T09:00:00Z\"`",
        "tags, `\"a\"`",
        "tags, `[\" \"]`",
        "answer, `{}`",
        "answer, `[]`",
      })
  void whatIsNoEntryIsRefused(String member, String value) throws IOException {
    ObjectNode json =
        written(
            entry(
                new Question.Semantic(Fingerprint.ofHex("cd".repeat(32)), "Why?"),
                Answer.ofText("So.")));
    json.set(member, Json.read(value));

    assertThatThrownBy(() -> EntryJson.read(json))
        .isInstanceOfAny(IllegalArgumentException.class, dev.reprise.model.CacheException.class);
  }
}
