package dev.reprise.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.cli.demo.DemoQuestion.Label;
import dev.reprise.cli.io.InputException;
import dev.reprise.cli.io.TextFile;
import dev.reprise.model.Document;
import dev.reprise.model.UseCase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuestionFileTest {
  @Test
  void readsPlainText() {
    assertThat(QuestionFile.parse("q.txt", "\uFEFFWhere is it?\n\n  How much?  \r\n"))
        .containsExactly(DemoQuestion.plain(1, "Where is it?"), DemoQuestion.plain(2, "How much?"));
  }

  @Test
  void readsEveryFieldOfJsonLines() {
    List<DemoQuestion> questions =
        QuestionFile.parse(
            "q.jsonl",
            """
            {"question": "Only this"}
            {"question": "All", "answer": "a", "useCase": "document-summary", "temperature": 0.5, "system": "Be kind", "documents": [{"id": "d", "version": "2"}]}
            """);
    assertThat(questions)
        .containsExactly(
            DemoQuestion.plain(1, "Only this"),
            new DemoQuestion(
                2,
                "All",
                new Label.Known("a"),
                UseCase.DOCUMENT_SUMMARY,
                List.of(new Document("d", "2")),
                0.5,
                "Be kind"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"question\": \"x\"                              | not valid JSON",
        "What?                                             | not valid JSON",
        "[1]                                               | expected one JSON object a line",
        "{\"question\": \"x\"} {}                          | not valid JSON",
        "{\"question\": \"x\", \"question\": \"y\"}        | Duplicate field",
        "{\"answer\": \"x\"}                               | \"question\" must be a text",
        "{\"question\": \"  \"}                            | \"question\" must be a text",
        "{\"question\": 7}                                 | \"question\" must be a text",
        "{\"question\": \"x\", \"anwser\": \"y\"}          | unknown field \"anwser\"; known are question, answer",
        "{\"question\": \"x\", \"answer\": 1}              | \"answer\" must be a text",
        "{\"question\": \"x\", \"useCase\": \"poetry\"}    | unknown use case \"poetry\"; known are question, faq",
        "{\"question\": \"x\", \"temperature\": 3}         | \"temperature\" is 3, but must be a number from 0 to 2",
        "{\"question\": \"x\", \"temperature\": \"hot\"}   | \"temperature\" is \"hot\", but must be",
        "{\"question\": \"x\", \"documents\": \"d\"}       | \"documents\" must be a list",
        "{\"question\": \"x\", \"documents\": [\"d\"]}     | a document is an object",
        "{\"question\": \"x\", \"documents\": [{\"id\": \"d\"}]} | \"version\" must be a text",
      })
  void namesTheLineThatIsWrong(String line, String message) {
    assertThatThrownBy(() -> QuestionFile.parse("q.jsonl", "{\"question\": \"fine\"}\n\n" + line))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("q.jsonl:3: ")
        .hasMessageContaining(message);
  }

  @Test
  void refusesAQuestionThatIsTooLong() {
    assertThatThrownBy(() -> QuestionFile.parse("q", "x".repeat(TextFile.LONGEST_TEXT + 1)))
        .isInstanceOf(InputException.class)
        .hasMessage("q:1: the question has 20001 characters, but may have at most 20000");
  }

  @Test
  void refusesAFileThatIsNotThereOrEmptyOrNotText(@TempDir Path folder) throws Exception {
    assertThatThrownBy(() -> QuestionFile.read(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("there is no file ");

    Path empty = Files.writeString(folder.resolve("empty"), "\n \n");
    assertThatThrownBy(() -> QuestionFile.read(empty))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("has no questions");

    Path latin =
        Files.write(folder.resolve("latin"), "Ma\u00dfe?".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> QuestionFile.read(latin))
        .isInstanceOf(InputException.class)
        .hasMessageEndingWith("is not UTF-8 text; convert it first");

    assertThatThrownBy(() -> QuestionFile.read(folder))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("cannot read ");
  }
}
