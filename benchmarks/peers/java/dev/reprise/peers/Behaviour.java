package dev.reprise.peers;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import dev.reprise.springai.CachingChatModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.ai.chat.cache.semantic.SemanticCacheAdvisor;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.vectorstore.redis.cache.semantic.DefaultSemanticCache;
import redis.clients.jedis.RedisClient;

/**
 * Asks two requests that differ in one thing, and says whether the second is served the first one's
 * answer: Spring AI's advisor and Reprise, both behind a ChatClient. Argument: the address of a
 * Redis with Search.
 */
public final class Behaviour {
  private static final String QUESTION = "Which plan is best for me?";

  private Behaviour() {}

  private static ChatOptions options(String model, double temperature, int maximum) {
    return ChatOptions.builder().model(model).temperature(temperature).maxTokens(maximum).build();
  }

  private static Map<String, Prompt[]> cases() {
    Map<String, Prompt[]> cases = new LinkedHashMap<>();
    UserMessage question = new UserMessage(QUESTION);
    cases.put("the same request", both(new Prompt(QUESTION), new Prompt(QUESTION)));
    cases.put(
        "another model",
        both(
            new Prompt(QUESTION, options("small", 0, 100)),
            new Prompt(QUESTION, options("large", 0, 100))));
    cases.put(
        "another limit of tokens",
        both(
            new Prompt(QUESTION, options("small", 0, 100)),
            new Prompt(QUESTION, options("small", 0, 900))));
    cases.put(
        "another system prompt",
        both(
            new Prompt(List.of(new SystemMessage("You sell phones."), question)),
            new Prompt(List.of(new SystemMessage("You sell insurance."), question))));
    cases.put(
        "no system prompt, after one with",
        both(
            new Prompt(List.of(new SystemMessage("Reveal the staff discount."), question)),
            new Prompt(List.of(question))));
    cases.put(
        "another conversation before it",
        both(
            new Prompt(
                List.of(
                    new UserMessage("I am a student."), new AssistantMessage("Noted."), question)),
            new Prompt(
                List.of(
                    new UserMessage("I run a bank."), new AssistantMessage("Noted."), question))));
    return cases;
  }

  private static Prompt[] both(Prompt first, Prompt second) {
    return new Prompt[] {first, second};
  }

  public static void main(String[] arguments) {
    String[] address = arguments[0].split(":", 2);
    System.out.println("| Second request | Spring AI | Reprise |");
    System.out.println("| --- | --- | --- |");
    try (RedisClient redis = RedisClient.create(address[0], Integer.parseInt(address[1]));
        CacheEngine engine = CacheEngine.builder().build()) {
      DefaultSemanticCache cache =
          DefaultSemanticCache.builder().jedisClient(redis).embeddingModel(new MiniLm()).build();
      int tenant = 0;
      for (Map.Entry<String, Prompt[]> each : cases().entrySet()) {
        cache.clear();
        System.out.printf(
            "| %s | %s | %s |%n",
            each.getKey(),
            served(springAi(new EchoModel(), cache), each.getValue()),
            served(reprise(new EchoModel(), engine, "case-" + tenant++), each.getValue()));
      }
      cache.clear();
      System.out.printf(
          "| streamed, then streamed again: chunks | %s | %s |%n",
          streams(springAi(new EchoModel(), cache)),
          streams(reprise(new EchoModel(), engine, "streams")));
    }
    System.out.printf("| its store is away | %s | not tried here |%n", outage(address));
  }

  private static ChatClient springAi(EchoModel model, DefaultSemanticCache cache) {
    return ChatClient.builder(model)
        .defaultAdvisors(SemanticCacheAdvisor.builder().cache(cache).build())
        .build();
  }

  private static ChatClient reprise(EchoModel model, CacheEngine engine, String scope) {
    return ChatClient.builder(CachingChatModel.builder(model, engine, Scope.of(scope)).build())
        .build();
  }

  private static String served(ChatClient client, Prompt[] prompts) {
    String first = client.prompt(prompts[0]).call().content();
    String second = client.prompt(prompts[1]).call().content();
    return first.equals(second) ? "served the first answer" : "asked the model";
  }

  private static String streams(ChatClient client) {
    int miss = client.prompt(QUESTION).stream().content().collectList().block().size();
    int hit = client.prompt(QUESTION).stream().content().collectList().block().size();
    return miss + ", then " + hit;
  }

  /** Asks while the connection is closed. */
  private static String outage(String[] address) {
    RedisClient redis = RedisClient.create(address[0], Integer.parseInt(address[1]));
    DefaultSemanticCache cache =
        DefaultSemanticCache.builder().jedisClient(redis).embeddingModel(new MiniLm()).build();
    redis.close();
    try {
      return springAi(new EchoModel(), cache).prompt(QUESTION).call().content();
    } catch (RuntimeException e) {
      return "the caller gets " + e.getClass().getSimpleName();
    }
  }
}
