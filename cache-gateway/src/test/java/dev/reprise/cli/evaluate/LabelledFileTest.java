package dev.reprise.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cli.io.InputException;
import dev.reprise.evaluate.Arrival;
import dev.reprise.evaluate.LabelledPair;
import dev.reprise.evaluate.LabelledPair.Label;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelledFileTest {
  private static final String PAIRS = "cached\tquery\tsame\n";
  private static final String STREAM = "label\tquery\n";

  @TempDir private Path folder;

  @Test
  void readsPairsFromColumns() throws Exception {
    assertThat(LabelledFile.pairs(file(PAIRS + "a \"b\"\tc\t1\r\n\nd\te, f\t0\n")).pairs())
        .containsExactly(
            new LabelledPair("a \"b\"", "c", Label.SAME, ""),
            new LabelledPair("d", "e, f", Label.OTHER, ""));
  }

  @Test
  void readsPairsFromJsonLines() throws Exception {
    String text =
        """

        {"cached": "a", "query": "b", "same": true}
        {"cached": "a", "query": "c", "same": 0, "response": "so"}
        {"same": false, "query": "e", "cached": "d"}
        {"cached": "f", "query": "g", "same": 1}
        """;
    assertThat(LabelledFile.pairs(file(text)).pairs())
        .containsExactly(
            new LabelledPair("a", "b", Label.SAME, ""),
            new LabelledPair("a", "c", Label.OTHER, "so"),
            new LabelledPair("d", "e", Label.OTHER, ""),
            new LabelledPair("f", "g", Label.SAME, ""));
  }

  @Test
  void readsStreamsFromColumns() throws Exception {
    assertThat(LabelledFile.stream(file("\uFEFF" + STREAM + "x\ta\ny\tb")).arrivals())
        .containsExactly(new Arrival("", "x", "a", ""), new Arrival("", "y", "b", ""));
  }

  @Test
  void readsStreamsFromJsonLines() throws Exception {
    String text =
        """
        {"label": "x", "query": "a"}
        {"answer": "y", "question": "b", "scope": "t", "response": "so"}
        """;
    assertThat(LabelledFile.stream(file(text)).arrivals())
        .containsExactly(new Arrival("", "x", "a", ""), new Arrival("t", "y", "b", "so"));
  }

  /** The content says what a file is, whatever its name. */
  @Test
  void readsWhatIsGzipped() throws Exception {
    assertThat(LabelledFile.stream(file(gzipped(STREAM + "x\tä\n"))).arrivals())
        .containsExactly(new Arrival("", "x", "ä", ""));
    assertThat(
            LabelledFile.pairs(file(gzipped("{\"cached\":\"a\",\"query\":\"b\",\"same\":1}")))
                .pairs())
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "a>b>1 | :1: expected JSON Lines, or a first line with the tab-separated words cached query"
            + " same; found: a",
        "label>query/x>a | this is a file for --stream",
        "cached>query>same/a>b | :2: expected 3 tab-separated columns (cached query same), found 2:"
            + " a",
        "cached>query>same/a>b>1/c>d>1>2 | :3: expected 3 tab-separated columns",
        "cached>query>same/a>b>yes | :2: \"same\" must be 1 or 0, found: yes",
        "cached>query>same/a> >1 | :2: \"query\" must not be blank",
        "cached>query>same | has no pairs",
        "{\"cached\":\"a\",\"query\":\"b\"} | :1: \"same\" must be true, false, 1 or 0",
        "{\"cached\":\"a\",\"query\":\"b\",\"same\":2} | :1: \"same\" must be true, false, 1 or 0,"
            + " found: 2",
        "{\"cached\":\"a\",\"query\":\"b\",\"same\":\"1\"} | found: \"1\"",
        "{\"cached\":\"a\",\"same\":1} | :1: \"query\" must be a text that is not blank",
        "{\"cached\":\"a\",\"query\":\"b\",\"same\":1,\"Same\":1} | :1: unknown field \"Same\"",
        "{\"cached\":\"a\" | :1: not valid JSON",
        "{\"cached\":\"a\",\"query\":\"b\",\"same\":1}/a>b>1 | :2: not valid JSON",
      })
  void saysWhereAndHowAPairIsWrong(String text, String message) throws Exception {
    Path file = file(text.replace('>', '\t').replace('/', '\n'));
    assertThatThrownBy(() -> LabelledFile.pairs(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cached>query>same/a>b>1 | this is a file for --pairs",
        "label>query/ >a | :2: \"label\" must not be blank",
        "label>query/x | :2: expected 2 tab-separated columns (label query), found 1: x",
        "label>query/x>a>b | found 3",
        "'' | has no arrivals",
        "{\"label\":\"x\"} | :1: expected \"query\" or \"question\", found neither",
        "{\"label\":\"x\",\"answer\":\"x\",\"query\":\"a\"} | :1: expected \"label\" or \"answer\","
            + " found both",
        "{\"label\":1,\"query\":\"a\"} | :1: \"label\" must be a text",
        "{\"label\":\"x\",\"query\":\"a\",\"scope\":\"\"} | :1: \"scope\" must be a text",
        "{\"label\":\"x\",\"query\":\"a\",\"user\":\"u\"} | unknown field \"user\"; known are label,"
            + " answer, query, question, scope, response",
      })
  void saysWhereAndHowAnArrivalIsWrong(String text, String message) throws Exception {
    Path file = file(text.replace('>', '\t').replace('/', '\n'));
    assertThatThrownBy(() -> LabelledFile.stream(file))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void saysWhatIsWrongWithAFile() throws Exception {
    byte[] whole = gzipped(STREAM + "x\ta\n".repeat(100));
    assertThatThrownBy(() -> LabelledFile.stream(file(Arrays.copyOf(whole, whole.length - 12))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("begins like a gzip file, but is broken");
    assertThatThrownBy(() -> LabelledFile.stream(file(new byte[] {0x1f, (byte) 0x8b, 1, 2, 3})))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("begins like a gzip file, but is broken");
    assertThatThrownBy(() -> LabelledFile.stream(file(new byte[] {'a', (byte) 0xff})))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not UTF-8 text");
    assertThatThrownBy(() -> LabelledFile.stream(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("there is no file ");
    assertThatThrownBy(() -> LabelledFile.stream(folder))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cannot read ");
    assertThatThrownBy(() -> LabelledFile.stream(file(STREAM + "x\t" + "a".repeat(20_001))))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(":2: \"query\" has 20001 characters, but may have at most 20000");
  }

  private Path file(String text) throws IOException {
    return file(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("data"), content);
  }

  private static byte[] gzipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
