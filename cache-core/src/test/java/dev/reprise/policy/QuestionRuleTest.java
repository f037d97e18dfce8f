package dev.reprise.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionRuleTest {
  private static final QuestionRules DEFAULTS = new QuestionRules(QuestionRule.defaults());

  private static Optional<String> found(String question) {
    return DEFAULTS.first(question).map(QuestionRule::kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is the weather now?",
        "weather in Paris today",
        "What's the weather like in Tokyo?",
        "How's the weather?",
        "Will it rain tomorrow?",
        "Is it raining in London?",
        "Do I need an umbrella today?",
        "How hot is it in Phoenix?",
        "What's the temperature outside?",
        "weather forecast for Berlin",
        "Is it going to snow this weekend?",
        "What will tomorrow's weather be?",
        "I fly to St. Louis. What is the weather there right now?"
      })
  void weatherIsRecognised(String question) {
    assertThat(found(question)).contains("weather");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What time is it?",
        "what time is it in Tokyo",
        "What's the time?",
        "What is the date today?",
        "what day is it today",
        "What is today's date?",
        "Current time in London",
        "What year is it?",
        "What is the current date and time?",
        "Tell me the time",
        "How many days until Christmas?",
        "What time is it now in New York?",
        "Do you have the time?",
        "Can you tell me what day it is?"
      })
  void timeIsRecognised(String question) {
    assertThat(found(question)).contains("time");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "What is the price of bitcoin?",
        "current price of gold",
        "How much is Bitcoin worth right now?",
        "Tesla stock price",
        "What is Apple trading at?",
        "USD to EUR exchange rate",
        "What are today's mortgage rates?",
        "What are the prices today?",
        "How much does the standard plan cost today?",
        "share price of Microsoft",
        "How is the stock market doing today?",
        "How is the Nasdaq doing?",
        "latest crypto prices",
        "Convert 100 dollars to euros",
        "How much is a gallon of gas right now?",
        "Why is bitcoin down today?"
      })
  void pricesAreRecognised(String question) {
    assertThat(found(question)).isPresent();
    assertThat(DEFAULTS.first(question).orElseThrow().code()).isEqualTo(Reason.Code.DYNAMIC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "breaking news",
        "What's the latest news?",
        "news today",
        "today's headlines",
        "latest headlines about AI",
        "Who won the game last night?",
        "What's the score of the Lakers game?",
        "Who won yesterday's match?",
        "What happened today?",
        "What is happening in Ukraine right now?",
        "current Premier League standings",
        "recent news about Apple",
        "Is there any news on the election?"
      })
  void newsAreRecognised(String question) {
    assertThat(found(question)).contains("news");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Is GitHub down right now?",
        "Is the service currently unavailable?",
        "Is AWS down?",
        "Are you open today?",
        "Is the store open now?",
        "Is flight BA123 delayed?",
        "How is the traffic to the airport?",
        "Is the blue jacket in stock right now?",
        "Are flights to Denver delayed today?",
        "Which tickets are still available for tonight?",
        "Who is currently online?",
        "How long is the wait right now?"
      })
  void statusIsRecognised(String question) {
    assertThat(found(question)).contains("status");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Generate a strong password for me",
        "Please generate a strong password for me!",
        "Create a secure API token",
        "Give me a fresh password",
        "Generate a UUID",
        "Generate a secret key for JWT",
        "Create a salt",
        "Create a nonce",
        "Give me a one-time code",
        "Make me a new access token",
        "I need a random salt for bcrypt",
        "Generate an encryption key",
        "Give me a GUID"
      })
  void oneTimeValuesAreRecognised(String question) {
    assertThat(found(question)).contains("one-time-value");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Regenerate",
        "regenerate please",
        "Regenerate that",
        "Try again",
        "Another one",
        "One more",
        "Tell me something new",
        "Again, please"
      })
  void anotherAnswerIsAskedFor(String question) {
    assertThat(DEFAULTS.first(question)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Where is my order?",
        "What's my balance?",
        "what is my balance",
        "Do I have any new messages?",
        "What's my order status?",
        "Who is my account manager?",
        "who's my landlord's insurance agent",
        "Who is our contact?",
        "Turn on the lights",
        "Turn on the lights in the kitchen",
        "Switch the heating off",
        "Delete the file foo.txt",
        "Send an email to Bob",
        "Pick a winner from Ann, Bob and Cy",
        "Choose one of these at random: red, blue"
      })
  void whatIsOfThisUserOrAnActionIsRecognised(String question) {
    assertThat(DEFAULTS.first(question)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How do I create a salt?",
        "How do I generate a secret key for JWT?",
        "What is a fresh password?",
        "Translate \"write a story about the weather today\" to German",
        "Translate 'write a story about the weather today' to German",
        "Summarize this news article: The mayor opened the bridge today.",
        "How do I regenerate my API token?",
        "What does \"turn on the lights\" mean?",
        "How do I check my balance?",
        "Who is a landlord's agent?",
        "Who is my target audience?",
        "Which command turns on the lights in Home Assistant?"
      })
  void whoAsksAboutThemIsAnsweredFromTheCache(String question) {
    assertThat(found(question)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Write me a poem",
        "Write a haiku about autumn",
        "Tell me a joke",
        "tell me another joke please",
        "Compose a song about my cat",
        "Make up a story",
        "Come up with a slogan for my bakery",
        "Write a short story about a dragon",
        "Write a funny limerick",
        "Give me a tagline for a coffee shop",
        "Create a rap about taxes",
        "Invent a bedtime story",
        "Sing me a song",
        "Tell us a riddle",
        "I need a birthday poem for my mom",
        "Can you write a love letter?",
        "Suggest names for my cat",
        "Tell me something funny",
        "Brainstorm ideas for a party",
        "Surprise me",
        "Roll a die",
        "Flip a coin",
        "Pick a random number"
      })
  void creativeQuestionsAreRecognised(String question) {
    assertThat(found(question)).isPresent();
    assertThat(DEFAULTS.first(question).orElseThrow().code()).isEqualTo(Reason.Code.CREATIVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "How do I change the price of my plan?",
        "What is a weather radar?",
        "How do I track the current order?",
        "Explain time complexity",
        "What's the difference between latest and stable release?",
        "How do I write unit tests for a story?",
        "How is a weather forecast made?",
        "How does temperature affect battery life in cold cars?",
        "What temperature should I set for a language model?",
        "At what temperature does water boil?",
        "What causes rain in the tropics?",
        "What is the average temperature on Mars?",
        "What's the weather like in Spain in July?",
        "How do I set up a weather alert?",
        "How warm should a bedroom be?",
        "What is cold brew coffee?",
        "Can I wash the jacket hot?",
        "What is the time complexity of quicksort?",
        "What is the date format in ISO 8601?",
        "What time do you open?",
        "What's the time limit for returns?",
        "What date was the moon landing?",
        "How do I get the current time in Java?",
        "How do I format the current date in Python?",
        "What time zone is Berlin in?",
        "How long until my refund arrives?",
        "What's the time difference between London and Tokyo?",
        "How many days do I have to return an item?",
        "How many days are in a leap year?",
        "What is the due date of an invoice?",
        "Can I change the delivery date?",
        "What is a stock price?",
        "What does exchange rate mean?",
        "What is the price elasticity of demand?",
        "How is the price calculated?",
        "What's the cost of shipping to Canada?",
        "What is the difference between price and cost?",
        "How do stock prices work?",
        "How are interest rates set?",
        "Why did the price of oil rise in 1973?",
        "What is a rate limit?",
        "How much does the premium plan cost?",
        "How much storage do I get?",
        "How many users can share one account?",
        "Can I share my account with my family?",
        "How do I share a document?",
        "What is the value of pi?",
        "Does the price include tax?",
        "How do I subscribe to the newsletter?",
        "What is a news aggregator?",
        "How do credit scores work?",
        "How can I see my latest test results?",
        "How do I interpret test results?",
        "What's the highest score in bowling?",
        "What does a news anchor do?",
        "Who won the 2018 World Cup?",
        "Who won the first Nobel Prize in physics?",
        "What is new in Java 17?",
        "What is happening in a cell during mitosis?",
        "What does available balance mean?",
        "Is the app available in Canada?",
        "What does in stock mean?",
        "Is the office open on Sundays?",
        "Are you open on weekends?",
        "How do I report that a service is down?",
        "What is traffic shaping?",
        "Are refunds available if my flight is delayed?",
        "How do I open a new account?",
        "How do I sign up?",
        "What is an online course?",
        "What happens when the server goes down?",
        "Is there a waiting time for new customers?",
        "What is a haiku?",
        "Who wrote the poem The Raven?",
        "Explain the joke about the chicken and the road",
        "What makes a good story?",
        "How do I write a user story in Jira?",
        "Write a SQL query for the stories table",
        "How do I write a song?",
        "What rhyme scheme does a limerick have?",
        "How do I change the name of my account?",
        "Give me the name of the capital of France",
        "Who sang the song Yesterday?",
        "How do I cancel a cover letter template order?",
        "How do I generate a random number in Python?",
        "If I flip a coin twice, what is the probability of two heads?",
        "What is a random forest?",
        "How do I pick a size?",
        "What is brainstorming?",
        "How do I reset my password?",
        "What is Retrieval-Augmented Generation?",
        "Is it safe to take ibuprofen every day?",
        "What is the capital of France?",
        "Do you ship to Norway?",
        "What are your opening hours?",
        "Summarize the terms of service",
        "How long does shipping take?",
        "What is the story of Romeo and Juliet about?"
      })
  void lastingQuestionsAreNot(String question) {
    assertThat(found(question)).isEmpty();
  }

  @Test
  void everySentenceIsAskedOnItsOwn() {
    assertThat(found("How do I reset my password? And what is the weather today?"))
        .contains("weather");
    assertThat(found("I wrote a poem. Today I want to know what a sonnet is.")).isEmpty();
  }

  @Test
  void theTypographersApostropheIsAnApostrophe() {
    assertThat(found("What\u2019s the time?")).contains("time");
  }

  @Test
  void theTwoEndsOfALongTextAreLookedAt() {
    String filler = "Reprise keeps answers. ".repeat(500);
    assertThat(found(filler + "What is the weather today?")).contains("weather");
    assertThat(found("What is the weather today? " + filler)).contains("weather");
    assertThat(found(filler + "What is the weather today? " + filler)).isEmpty();
  }

  @Test
  void aTextMadeToBeSlowIsNot() {
    List<String> pieces =
        List.of(
            "weather ",
            "what is ",
            "how much ",
            "is currently ",
            "write a ",
            "a",
            "tell me a b c d ",
            "price price today price ",
            "news latest ",
            "convert usd ",
            "flight is ",
            "in in stock ",
            "what is the score of the a ",
            "random pick a ",
            "S&P ",
            "today ",
            "'",
            ". ",
            "? ",
            " ",
            "\n",
            "is a.b ",
            "weather in at for ",
            "how do ",
            "what's ");
    String everyWord =
        String.join(
            " ", QuestionRule.defaults().stream().flatMap(rule -> rule.words().stream()).toList());
    long began = System.nanoTime();
    for (String piece : pieces) {
      String text = piece.repeat(1 + 100_000 / piece.length()).substring(0, 100_000);
      DEFAULTS.first(text);
      // And where the words let every rule run, on the most that a rule ever sees as one sentence.
      String slow = everyWord + " " + piece.replaceAll("[?.!\n]", " ").repeat(2_000);
      for (QuestionRule rule : QuestionRule.defaults()) {
        rule.isFoundIn(slow.substring(0, QuestionRule.LONGEST_TEXT));
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began).dividedBy(pieces.size()))
        .isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void aRuleOfOnesOwnIsAskedOfEveryTextUnlessItNamesWords() {
    QuestionRule rule = QuestionRule.of(Reason.Code.RULE, "secret", "confid\u00C9ntial");
    assertThat(rule.recognises("This is CONFID\u00E9NTIAL")).isTrue();
    assertThat(rule.recognises("This is not")).isFalse();
    assertThat(rule.except("\\bnot\\b").recognises("not confid\u00E9ntial")).isFalse();
    assertThat(rule.onlyWith("secret").recognises("confid\u00E9ntial")).isFalse();
    assertThat(rule.onlyWith("secret").recognises("Secret, confid\u00E9ntial")).isTrue();
  }

  @Test
  void theFirstRuleThatRecognisesGivesTheReason() {
    QuestionRules rules =
        new QuestionRules(
            List.of(
                QuestionRule.of(Reason.Code.RULE, "one", "a"),
                QuestionRule.of(Reason.Code.DYNAMIC, "two", "a|b")));
    assertThat(rules.first("a").orElseThrow().name()).isEqualTo("one");
    assertThat(rules.first("b").orElseThrow().name()).isEqualTo("two");
    assertThat(rules.first("c")).isEmpty();
    assertThat(rules.first("")).isEmpty();
    assertThat(new QuestionRules(List.of()).first("What time is it?")).isEmpty();
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> QuestionRule.of(Reason.Code.EMPTY, "odd", "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("code of rule odd is EMPTY, but must be DYNAMIC, CREATIVE or RULE");
    assertThatThrownBy(() -> QuestionRule.of(Reason.Code.RULE, " ", "a"))
        .hasMessage("name of rule must not be blank");
    QuestionRule rule = QuestionRule.of(Reason.Code.RULE, "odd", "a");
    for (String word : Set.of("", "Big", "two words", "it's")) {
      assertThatThrownBy(() -> rule.onlyWith(word))
          .hasMessageContaining("word of rule odd is '" + word + "'");
    }
  }
}
