package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LanguageTest {
  @Test
  void listsAreReadAsWordsLinesNumbersAndAliases() {
    assertThat(Language.ENGLISH.words("negation.negators")).contains("not", "never", "unable");
    assertThat(Language.ENGLISH.lines("normalization.greetings"))
        .startsWith("good morning")
        .contains("sorry to bother you");
    assertThat(Language.ENGLISH.numbers("quantity.scales")).containsEntry("million", 1_000_000L);
    assertThat(Language.ENGLISH.map("normalization.contractions"))
        .containsEntry("won't", "will not");
    assertThat(Language.ENGLISH.aliases("date.names"))
        .containsEntry("sept", "september")
        .containsEntry("september", "september");
  }

  @Test
  void aLongListHasAFileOfItsOwn() {
    assertThat(Language.ENGLISH.words("antonyms")).contains("enable/disable");
    assertThat(Language.ENGLISH.has("antonyms")).isTrue();
    assertThat(Language.of("de").has("antonyms")).isFalse();
  }

  @Test
  void aListThatIsMissingIsNamed() {
    assertThatThrownBy(() -> Language.ENGLISH.words("no-such-list"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("en/no-such-list.txt");
  }

  /** A list that no code names any more would be kept and corrected for nothing. */
  @Test
  void everyShortListIsUsed() throws IOException {
    StringBuilder code = new StringBuilder();
    try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/reprise/match"))) {
      for (Path source : sources.toList()) {
        code.append(Files.readString(source));
      }
    }
    List<String> names = new ArrayList<>();
    for (String line : Language.common("en/lists")) {
      if (line.startsWith("[")) {
        names.add(line.substring(1, line.length() - 1));
      }
    }
    assertThat(names).hasSizeGreaterThan(60).doesNotHaveDuplicates();
    assertThat(names).allMatch(name -> code.indexOf("(\"" + name + "\")") >= 0);
  }
}
