package dev.reprise.curated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Scope;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CuratedFileTest {
  private static final String FULL =
      "{\"id\":\"reset\",\"question\":\"How do I reset my password?\",\"aliases\":[\"I forgot my"
          + " password\"],\"answer\":\"Open Settings.\",\"scope\":\"group:support\","
          + "\"models\":[\"gpt-4o*\"],\"systems\":[\"\",\"Be brief.\"],\"reviewedBy\":\"jane\","
          + "\"reviewedAt\":\"2026-11-30\"}";

  private static void isRefused(String lines, String... faults) {
    assertThatThrownBy(() -> CuratedFile.parse(lines, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(faults)
        .hasLineCount(faults.length);
  }

  @Test
  void eachLineIsAnEntry() {
    List<CuratedEntry> entries =
        CuratedFile.parse(
            "\uFEFF# ours\r\n\n"
                + FULL
                + "\r\n{\"question\":\"Why?\",\"answer\":\"So.\",\"scope\":\"*\"}",
            "");
    assertThat(entries)
        .containsExactly(
            CuratedEntry.builder("How do I reset my password?", "Open Settings.")
                .id("reset")
                .alias("I forgot my password")
                .scope(Scope.of("group:support"))
                .models(List.of("gpt-4o*"))
                .systems(List.of("", "Be brief."))
                .reviewedBy("jane")
                .reviewedAt(Instant.parse("2026-11-30T00:00:00Z"))
                .build(),
            CuratedEntry.builder("Why?", "So.").build());
    assertThat(CuratedFile.parse(CuratedFile.write(entries), "")).isEqualTo(entries);
  }

  @Test
  void aLineWithoutAScopeHasTheGivenOne() {
    String line = "{\"question\":\"Why?\",\"answer\":\"So.\"}";
    assertThat(CuratedFile.parse(line, "a").get(0).scope()).contains(Scope.of("a"));
    assertThat(CuratedFile.parse(line, "*").get(0).scope()).isEmpty();
    isRefused(line, "line 1: \"scope\" is missing: name the scope");
  }

  @Test
  void everyFaultIsToldWithItsLine() {
    isRefused(
        "no json\n"
            + "{\"question\":\"Why?\",\"scope\":\"*\"}\n"
            + FULL
            + "\n"
            + "{\"question\":\"Why?\",\"answer\":\"So.\",\"scope\":\"*\",\"tttl\":5}\n"
            + "{\"question\":5,\"answer\":\"So.\",\"scope\":\"*\"}\n"
            + "{\"question\":\" \",\"answer\":\"So.\",\"scope\":\"*\"}\n"
            + FULL.replace("How do I", "Where can I")
            + "\n"
            + "{\"question\":\"Why?\",\"answer\":\"So.\",\"scope\":\"*\",\"aliases\":\"x\"}\n"
            + "{\"question\":\"Why?\",\"answer\":\"So.\",\"scope\":\"*\",\"reviewedAt\":\"May\"}\n"
            + "[]",
        "line 1: this is no JSON",
        "line 2: \"answer\" is missing",
        "line 4: there is no member \"tttl\"",
        "line 5: \"question\" is a text, not number",
        "line 6: question must not be blank",
        "line 7: line 3 answers the same question: I forgot my password",
        "line 8: \"aliases\" is a list of texts",
        "line 9: \"reviewedAt\" is a date",
        "line 10: an entry is a JSON object");
  }

  @Test
  void theSameIdIsRefused() {
    String line = "{\"id\":\"x\",\"question\":\"Q%d?\",\"answer\":\"A\",\"scope\":\"*\"}\n";
    isRefused(line.formatted(1) + line.formatted(2), "line 2: line 1 has the same id: x");
  }

  @Test
  void thereIsAnEndToTheListOfFaults() {
    assertThatThrownBy(() -> CuratedFile.parse("x\n".repeat(25), ""))
        .message()
        .hasLineCount(21)
        .endsWith("and 5 more");
  }
}
