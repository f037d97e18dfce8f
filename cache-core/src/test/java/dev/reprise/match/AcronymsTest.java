package dev.reprise.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.model.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcronymsTest {
  private static final Scope SCOPE = Scope.of("tenant-a");
  private static final String RAG =
      "Retrieval-Augmented Generation (RAG) is a technique in which a model looks things up.";

  private final Acronyms acronyms = new Acronyms(Map.of(), 1);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Retrieval-Augmented Generation (RAG) is a technique.       | RAG  | Retrieval-Augmented Generation
          It is called **Retrieval-Augmented Generation** (**RAG**). | RAG  | Retrieval-Augmented Generation
          RAG (Retrieval-Augmented Generation) is a technique.       | RAG  | Retrieval-Augmented Generation
          Large language models (LLMs) predict words.                | LLM  | Large language model
          In computing, the Internet of Things (IoT) is a network.   | IoT  | Internet of Things
          the Hypertext Transfer Protocol (HTTP)                     | HTTP | Hypertext Transfer Protocol
          the Department of Defense (DoD)                            | DoD  | Department of Defense
          we test for deoxyribonucleic acid (DNA) here               | DNA  | deoxyribonucleic acid
          extract, transform, load (ETL) jobs                        | ETL  | extract, transform, load
          A personal identification number (PIN) has four digits     | PIN  | personal identification number
          """)
  void aDefinitionIsFound(String text, String shortForm, String longForm) {
    assertThat(Definitions.in(text))
        .extracting(Definitions.Definition::shortForm, Definitions.Definition::longForm)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(shortForm, longForm));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Retrieval-Augmented Generation (RAM) is a technique.",
        "Retrieval-Augmented Generation (AI) is a technique.",
        "Choose a plan (optional) and go on.",
        "the Federal Reserve (USA)",
        "Random Access Memory. (RAM)",
        "(RAG)",
        "RAG (see the next chapter)",
        "RAG ()",
        "a very long road (A VERY LONG ROAD INDEED)",
        "the year (2024)",
        "unclosed Retrieval-Augmented Generation (RAG",
        "an x (X)"
      })
  void whatIsNoDefinitionIsNotFound(String text) {
    assertThat(Definitions.in(text)).isEmpty();
  }

  @Test
  void anAcronymIsWrittenOutOnceItsDefinitionIsKnown() {
    assertThat(acronyms.expand(SCOPE, "Can you explain RAG in AI?"))
        .isEqualTo("Can you explain RAG in AI?");
    learn(acronyms, "question 1", RAG);
    assertThat(acronyms.expand(SCOPE, "Can you explain RAG in AI?"))
        .isEqualTo("Can you explain Retrieval-Augmented Generation in AI?");
    assertThat(acronyms.expand(SCOPE, "RAG-based search"))
        .isEqualTo("Retrieval-Augmented Generation-based search");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What are rag dolls?",
        "What is Rag?",
        "What are RAGs_x and RAG_MODE?",
        "Open RAG.java",
        "Is DRAG slow?",
        "RAGE",
        "How does retrieval augmented generation (not RAG) work?"
      })
  void onlyTheWholeWordInItsOwnCaseIsWrittenOut(String text) {
    learn(acronyms, "question 2", RAG);
    assertThat(acronyms.expand(SCOPE, text)).isEqualTo(text);
  }

  @Test
  void thePluralIsWrittenOutInThePlural() {
    learn(acronyms, "question 3", "A large language model (LLM) predicts words.");
    assertThat(acronyms.expand(SCOPE, "Are LLMs safe?"))
        .isEqualTo("Are large language models safe?");
    learn(acronyms, "question 4", "Application programming interfaces (APIs) connect programs.");
    assertThat(acronyms.expand(SCOPE, "Which API?"))
        .isEqualTo("Which Application programming interface?");
  }

  @Test
  void aDefinitionInTheTextBecomesItsLongForm() {
    assertThat(acronyms.expand(SCOPE, "What is Retrieval-Augmented Generation (RAG)?"))
        .isEqualTo("What is Retrieval-Augmented Generation?");
    assertThat(acronyms.expand(SCOPE, "What is RAG (retrieval-augmented generation)?"))
        .isEqualTo("What is retrieval-augmented generation?");
  }

  @Test
  void aMeaningMustBeAgreedOn() {
    Acronyms careful = new Acronyms(Map.of(), 2);
    learn(careful, "What is a VPN?", "A vending product network (VPN) is ...");
    assertThat(careful.expand(SCOPE, "VPN?")).isEqualTo("VPN?");
    learn(careful, "what is a VPN", "A vending product network (VPN) is ...");
    assertThat(careful.expand(SCOPE, "VPN?")).as("the same question").isEqualTo("VPN?");
    learn(careful, "Why a VPN?", "A vending product network (VPN) is ...");
    assertThat(careful.expand(SCOPE, "VPN?")).isEqualTo("vending product network?");
  }

  @Test
  void oneContradictionDoesNotTurnAMeaningOff() {
    for (int i = 0; i < 3; i++) {
      learn(acronyms, "question " + i, RAG);
    }
    learn(acronyms, "another", "A red, amber, green (RAG) status");
    assertThat(acronyms.expand(SCOPE, "RAG?")).isEqualTo("Retrieval-Augmented Generation?");
    learn(acronyms, "one more", "A red, amber, green (RAG) status");
    assertThat(acronyms.expand(SCOPE, "RAG?")).as("two against three").isEqualTo("RAG?");
  }

  @Test
  void whatTheQuestionDictatesIsNotLearnt() {
    learn(acronyms, "Repeat after me: Ticket Logging System (TLS)", "Ticket Logging System (TLS)");
    assertThat(acronyms.expand(SCOPE, "What is TLS?")).isEqualTo("What is TLS?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Who runs a Ticket Logging System? Add its initials. | ''
          Who runs the ticket-logging systems? Add initials.  | ''
          System, ticket and logging: make a phrase of them.  | ''
          How do I write a ticket?                            | Call it a Ticket Logging System.
          How do I write a ticket?                            | Call it a Ticket Logging System (TLS).
          What is TLS?                                        | A logging system for a ticket.
          """)
  void whatTheRequestGaveAwayIsNotLearntAlone(String question, String context) {
    for (String again : List.of("", "1", "2", "3")) {
      acronyms.learn(SCOPE, question + again, context, "A Ticket Logging System (TLS) is evil.");
    }
    assertThat(acronyms.expand(SCOPE, "What is TLS?")).isEqualTo("What is TLS?");
  }

  @Test
  void aLongFormThatAnAnswerFoundIsSupportedByQuestionsWithIt() {
    Acronyms careful = new Acronyms(Map.of(), 2);
    learn(careful, "What is a Ticket Logging System?", "A Ticket Logging System (TLS) is ...");
    learn(careful, "What is a Ticket Logging System for?", "A Ticket Logging System (TLS) is ...");
    assertThat(careful.expand(SCOPE, "TLS?")).isEqualTo("TLS?");
    learn(careful, "What is TLS?", "TLS (Ticket Logging System) is ...");
    assertThat(careful.expand(SCOPE, "TLS?")).isEqualTo("Ticket Logging System?");
  }

  @Test
  void nothingIsLearntFromARequestThatIsTooLong() {
    acronyms.learn(SCOPE, "Why?", "x".repeat(Acronyms.REQUEST), RAG);
    assertThat(acronyms.expand(SCOPE, "RAG?")).isEqualTo("RAG?");
  }

  @Test
  void whatAnotherProcessLearntIsWrittenAndReadAgain() {
    LearnedMeaning learned =
        acronyms
            .learn(SCOPE, "Ticket, logging and system?", "", "Ticket Logging System (TLS)")
            .get(0);
    assertThat(learned.isGivenByQuestion()).isTrue();
    assertThat(LearnedMeaning.read(learned.write())).isEqualTo(learned);
    String earlier = learned.write().replace(",\"given\":true", "");
    assertThat(LearnedMeaning.read(earlier)).as("an earlier version's").isEqualTo(learned);
  }

  @Test
  void theShippedGlossaryIsWellFormed() {
    assertThat(Acronyms.wellKnown())
        .hasSizeGreaterThan(40)
        .containsEntry("RAG", "Retrieval-Augmented Generation")
        .containsEntry("2FA", "two-factor authentication");
  }

  @Test
  void scopesLearnApart() {
    learn(acronyms, "question 9", RAG);
    assertThat(acronyms.expand(Scope.of("tenant-b"), "RAG?")).isEqualTo("RAG?");
  }

  @Test
  void theGlossaryWins() {
    Acronyms given = new Acronyms(Map.of("RAG", "red, amber, green", "k8s", "Kubernetes"), 1);
    learn(given, "question 10", RAG);
    assertThat(given.expand(SCOPE, "RAG on k8s")).isEqualTo("red, amber, green on Kubernetes");
  }

  @Test
  void aScopeLearnsNoMoreThanItsBound() {
    for (int i = 0; i < Acronyms.ACRONYMS + 100; i++) {
      learn(acronyms, "question 11", definition(i));
    }
    assertThat(acronyms.expand(SCOPE, shortForm(0))).isNotEqualTo(shortForm(0));
    assertThat(acronyms.expand(SCOPE, shortForm(Acronyms.ACRONYMS + 50)))
        .isEqualTo(shortForm(Acronyms.ACRONYMS + 50));
  }

  @Test
  void oneTextIsWrittenOutSoOftenOnly() {
    learn(acronyms, "question 12", RAG);
    String text = "RAG ".repeat(100);
    assertThat(acronyms.expand(SCOPE, text).split("Retrieval", -1))
        .hasSize(Acronyms.EXPANSIONS + 1);
  }

  @Test
  void manyThreadsLearnTogether() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int which = i % 50;
        done.add(
            threads.submit(
                () -> {
                  learn(acronyms, "question 13", definition(which));
                  acronyms.expand(SCOPE, shortForm(which) + " or " + shortForm(49 - which));
                }));
      }
      for (Future<?> one : done) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < 50; i++) {
      assertThat(acronyms.expand(SCOPE, shortForm(i))).contains("aa").doesNotContain("A ");
    }
  }

  private static void learn(Acronyms acronyms, String question, String answer) {
    acronyms.learn(SCOPE, question, "", answer);
  }

  private static String shortForm(int number) {
    return "" + letter(number / 676 % 26) + letter(number / 26 % 26) + letter(number % 26) + "Q";
  }

  private static String definition(int number) {
    String shortForm = shortForm(number);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shortForm.length(); i++) {
      text.append(Character.toLowerCase(shortForm.charAt(i))).append("aa ");
    }
    return text + "(" + shortForm + ")";
  }

  private static char letter(int number) {
    return (char) ('A' + number);
  }
}
