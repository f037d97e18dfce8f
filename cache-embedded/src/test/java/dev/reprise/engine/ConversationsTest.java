package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.embed.Embedder;
import dev.reprise.embedded.HnswSemanticTier;
import dev.reprise.embedded.MiniLmEmbedder;
import dev.reprise.match.MatchDecision;
import dev.reprise.match.Matcher;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.JsonObject;
import dev.reprise.model.Message;
import dev.reprise.model.Part;
import dev.reprise.model.Role;
import dev.reprise.model.Scope;
import dev.reprise.testing.RememberingEmbedder;
import dev.reprise.tier.CaffeineExactTier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Follow-ups of conversations of our own: "And for children?" after ten different questions, each
 * in several wordings.
 */
class ConversationsTest {
  private static final int DRAWN = 1_000;

  /** What a conversation is about, and what is asked then, each in several wordings. */
  private record Topic(List<String> first, List<List<String>> followUps) {}

  /** A user's way through a conversation: the wording of each turn. */
  private record Walk(Topic topic, List<Integer> asked, List<String> words) {}

  private static final class Result {
    private int turns;
    private int followUps;
    private int hits;
    private int followUpHits;
    private int wrong;
    private int crossed;
  }

  private static List<Topic> topics() throws IOException {
    try (InputStream file = ConversationsTest.class.getResourceAsStream("conversations.tsv")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      List<Topic> topics = new ArrayList<>();
      for (String line : text.lines().filter(row -> !row.startsWith("#")).toList()) {
        List<List<String>> columns = new ArrayList<>();
        for (String column : line.split("\t", -1)) {
          columns.add(List.of(column.split("\\|", -1)));
        }
        topics.add(new Topic(columns.get(0), columns.subList(1, columns.size())));
      }
      return topics;
    }
  }

  private static List<Walk> walks(List<Topic> topics) {
    Random random = new Random(11);
    List<Walk> walks = new ArrayList<>();
    for (int i = 0; i < DRAWN; i++) {
      Topic topic = topics.get(random.nextInt(topics.size()));
      List<Integer> order = new ArrayList<>();
      for (int j = 0; j < topic.followUps().size(); j++) {
        order.add(j);
      }
      Collections.shuffle(order, random);
      List<Integer> asked = order.subList(0, 1 + random.nextInt(2));
      List<String> words = new ArrayList<>();
      words.add(any(topic.first(), random));
      for (int followUp : asked) {
        words.add(any(topic.followUps().get(followUp), random));
      }
      walks.add(new Walk(topic, List.copyOf(asked), words));
    }
    return walks;
  }

  private static String any(List<String> wordings, Random random) {
    return wordings.get(random.nextInt(wordings.size()));
  }

  /** The right answer: it depends on the topic and on everything asked so far. */
  private static String truth(Walk walk, int turn) {
    StringBuilder answer = new StringBuilder("About \"" + walk.topic().first().get(0) + "\"");
    for (int i = 0; i < turn; i++) {
      answer.append(", then ").append(walk.asked().get(i));
    }
    return answer.append('.').toString();
  }

  private static Result run(CacheEngine engine, List<Walk> walks) throws Exception {
    Result result = new Result();
    for (Walk walk : walks) {
      List<Message> messages = new ArrayList<>();
      messages.add(Message.system("You are a help desk."));
      for (int turn = 0; turn < walk.words().size(); turn++) {
        messages.add(Message.user(walk.words().get(turn)));
        CacheRequest request =
            CacheRequest.builder(Scope.of("talks"))
                .model("test")
                .messages(messages)
                .temperature(0)
                .build();
        String truth = truth(walk, turn);
        Outcome.Answered outcome =
            (Outcome.Answered) engine.getOrCompute(request, () -> Answer.ofText(truth));
        engine.drain(Duration.ofSeconds(10));
        String answer = outcome.answer().text();
        result.turns++;
        result.hits += outcome.wasCached() ? 1 : 0;
        result.wrong += answer.equals(truth) ? 0 : 1;
        if (turn > 0) {
          result.followUps++;
          result.followUpHits += outcome.wasCached() ? 1 : 0;
          result.crossed += answer.startsWith(truth(walk, 0).replace(".", "")) ? 0 : 1;
        }
        messages.add(Message.assistant(answer));
      }
    }
    return result;
  }

  /**
   * Returns a matcher that is right about the last words, and knows nothing else: "How often?" is
   * "How often, please?" to it in every conversation. So what keeps them apart is not the matcher.
   */
  private static Matcher byLastWords() throws IOException {
    Map<String, String> meanings = new HashMap<>();
    for (Topic topic : topics()) {
      topic.first().forEach(words -> meanings.put(words, topic.first().get(0)));
      for (List<String> followUp : topic.followUps()) {
        followUp.forEach(words -> meanings.put(words, followUp.get(0)));
      }
    }
    return candidate ->
        Objects.equals(meanings.get(candidate.asked()), meanings.get(candidate.cached()))
            ? new MatchDecision.Accept(1)
            : new MatchDecision.Reject(0, "other words");
  }

  private static CacheEngine engine(boolean byMeaning) throws IOException {
    CacheEngine.Builder builder =
        CacheEngine.builder().exactTier(CaffeineExactTier.builder().build()).matcher(byLastWords());
    if (byMeaning) {
      Embedder embedder = new RememberingEmbedder(MiniLmEmbedder.load());
      builder.semanticTier(HnswSemanticTier.builder(embedder.dimension()).build(), embedder);
    }
    return builder.build();
  }

  @Test
  void noFollowUpCrossesConversationsAndManyHitsAreWonOverExactOnes() throws Exception {
    List<Walk> walks = walks(topics());
    Result exact;
    try (CacheEngine engine = engine(false)) {
      exact = run(engine, walks);
    }
    Result both;
    try (CacheEngine engine = engine(true)) {
      both = run(engine, walks);
    }
    System.out.printf(
        "%,d follow-ups: %,d hits exactly only, %,d by meaning as well; %,d of those crossed a"
            + " conversation, %,d of %,d answers were wrong%n",
        both.followUps,
        exact.followUpHits,
        both.followUpHits,
        both.crossed,
        both.wrong,
        both.turns);
    assertThat(exact.wrong).isZero();
    assertThat(both.crossed).isZero();
    assertThat(both.wrong).isZero();
    assertThat(both.followUpHits).isGreaterThan(exact.followUpHits + both.followUps / 10);
  }

  @Test
  void aFollowUpMeetsThatOfAnotherWordingOfTheSameConversation() throws Exception {
    try (CacheEngine engine = engine(true)) {
      Topic topic = topics().get(4);
      Walk one =
          new Walk(topic, List.of(0), List.of(topic.first().get(0), "How long does it take?"));
      Walk other =
          new Walk(topic, List.of(0), List.of(topic.first().get(1), "How long does that take?"));
      run(engine, List.of(one));
      Result result = run(engine, List.of(other));
      assertThat(result.hits).isEqualTo(2);
      assertThat(engine.stats().semanticHits()).isEqualTo(2);
    }
  }

  @Test
  void anAnswerThatWasNotTheCachesMakesItAnotherConversation() throws Exception {
    try (CacheEngine engine = engine(true)) {
      Topic topic = topics().get(4);
      run(
          engine,
          List.of(
              new Walk(
                  topic, List.of(0), List.of(topic.first().get(0), "How long does it take?"))));
      CacheRequest request =
          CacheRequest.builder(Scope.of("talks"))
              .model("test")
              .messages(
                  List.of(
                      Message.system("You are a help desk."),
                      Message.user(topic.first().get(0)),
                      Message.assistant("Somebody edited this answer."),
                      Message.user("How long does that take?")))
              .temperature(0)
              .build();
      assertThat(engine.getOrCompute(request, () -> Answer.ofText("another")))
          .isInstanceOf(Outcome.Computed.class);
    }
  }

  /** What shapes an answer besides the words stays part of the fingerprint of a follow-up. */
  @Test
  void aFollowUpWithMoreThanWordsIsComparedInItsOwnHistoryOnly() throws Exception {
    try (CacheEngine engine = engine(true)) {
      Topic topic = topics().get(4);
      run(
          engine,
          List.of(
              new Walk(
                  topic, List.of(0), List.of(topic.first().get(0), "How long does it take?"))));
      Part.Text marked =
          new Part.Text("How long does that take?", JsonObject.of("cache_control", "x"));
      CacheRequest request =
          CacheRequest.builder(Scope.of("talks"))
              .model("test")
              .messages(
                  List.of(
                      Message.system("You are a help desk."),
                      Message.user(topic.first().get(0)),
                      Message.assistant("About \"" + topic.first().get(0) + "\"."),
                      new Message(Role.USER, List.of(marked), JsonObject.empty())))
              .temperature(0)
              .build();
      assertThat(engine.getOrCompute(request, () -> Answer.ofText("another")))
          .isInstanceOf(Outcome.Computed.class);
    }
  }
}
