package dev.reprise.springai;

import static dev.reprise.springai.ScriptedModel.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.engine.CacheEngine;
import dev.reprise.model.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.document.Document;
import reactor.core.publisher.Flux;

/** What applications do: a chat client over the caching model, and one with the advisor. */
class ChatClientTest {
  private static final Scope SCOPE = Scope.of("shop");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final CacheEngine engine = CacheEngine.builder().build();

  @AfterEach
  void close() {
    engine.close();
  }

  record City(String name, int people) {}

  private ChatClient overModel(ChatModel model, Advisor... advisors) {
    return ChatClient.builder(CachingChatModel.builder(model, engine, SCOPE).build())
        .defaultAdvisors(advisors)
        .build();
  }

  private ChatClient withAdvisor(ChatModel model, Advisor... advisors) {
    List<Advisor> all = new ArrayList<>(List.of(advisors));
    all.add(RepriseAdvisor.builder(model, engine, SCOPE).build());
    return ChatClient.builder(model).defaultAdvisors(all).build();
  }

  private static String ask(ChatClient client, String question) {
    return client.prompt().system("Be brief.").user(question).call().content();
  }

  private static String stream(ChatClient client, String question) {
    List<String> words =
        client.prompt().system("Be brief.").user(question).stream()
            .content()
            .collectList()
            .block(PATIENCE);
    return String.join("", words);
  }

  @Test
  void aClientOverTheModelHits() {
    ScriptedModel model = ScriptedModel.counting();
    ChatClient client = overModel(model);

    assertThat(ask(client, "What is a cache?")).isEqualTo("answer 1");
    assertThat(ask(client, "What is a cache?")).isEqualTo("answer 1");
    assertThat(stream(client, "What is a cache?")).isEqualTo("answer 1");
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void aClientWithTheAdvisorHits() {
    ScriptedModel model = ScriptedModel.counting();
    ChatClient client = withAdvisor(model);

    assertThat(ask(client, "What is a cache?")).isEqualTo("answer 1");
    assertThat(ask(client, "What is a cache?")).isEqualTo("answer 1");
    assertThat(stream(client, "What is a cache?")).isEqualTo("answer 1");
    assertThat(stream(client, "What is a hash?")).isEqualTo("answer 2");
    assertThat(ask(client, "What is a hash?")).isEqualTo("answer 2");
    assertThat(model.calls()).isEqualTo(2);
    assertThat(model.last().getOptions().getTemperature()).isEqualTo(0.0);
  }

  @Test
  void theAdvisorAndTheModelShareTheirEntries() {
    ScriptedModel model = ScriptedModel.counting();

    assertThat(ask(withAdvisor(model), "What is a cache?")).isEqualTo("answer 1");
    assertThat(ask(overModel(model), "What is a cache?")).isEqualTo("answer 1");
    assertThat(model.calls()).isEqualTo(1);
  }

  @Test
  void theResponseTellsThatItWasCached() {
    ScriptedModel model = ScriptedModel.counting();
    for (ChatClient client : List.of(overModel(model), withAdvisor(model))) {
      ask(client, "What is a cache?");
      ChatResponse hit =
          client.prompt().system("Be brief.").user("What is a cache?").call().chatResponse();
      assertThat(hit.getMetadata().<Object>get(CacheMetadata.CACHE)).isEqualTo("exact");
    }
  }

  @Test
  void entitiesHitAndOneClassIsNotReadAsAnother() {
    ScriptedModel model =
        ScriptedModel.answering(prompt -> response("{\"name\":\"Oslo\",\"people\":7}", "STOP"));
    for (ChatClient client : List.of(overModel(model), withAdvisor(model))) {
      int before = model.calls();
      String question = "Which city is number " + before + "?";
      City first = client.prompt().user(question).call().entity(City.class);
      City second = client.prompt().user(question).call().entity(City.class);
      assertThat(second).isEqualTo(new City("Oslo", 7)).isEqualTo(first);
      assertThat(model.calls()).isEqualTo(before + 1);

      client.prompt().user(question).call().content();
      assertThat(model.calls()).isEqualTo(before + 2);
    }
  }

  /** Adds a text to the user's, as RAG and memory do, and keeps documents in the context. */
  private record Adding(AtomicReference<String> text) implements CallAdvisor, StreamAdvisor {
    private ChatClientRequest with(ChatClientRequest request) {
      return request
          .mutate()
          .prompt(
              request
                  .prompt()
                  .augmentUserMessage(request.prompt().getUserMessage().getText() + text.get()))
          .context(
              Map.of("qa_retrieved_documents", List.of(new Document("d1", text.get(), Map.of()))))
          .build();
    }

    @Override
    public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
      return chain.nextCall(with(request));
    }

    @Override
    public Flux<ChatClientResponse> adviseStream(
        ChatClientRequest request, StreamAdvisorChain chain) {
      return chain.nextStream(with(request));
    }

    @Override
    public String getName() {
      return "adding";
    }

    @Override
    public int getOrder() {
      return 0;
    }
  }

  @Test
  void whatOtherAdvisorsAddIsInTheKey() {
    AtomicReference<String> text = new AtomicReference<>(" Context: red.");
    ScriptedModel model = ScriptedModel.counting();
    for (ChatClient client :
        List.of(overModel(model, new Adding(text)), withAdvisor(model, new Adding(text)))) {
      int before = model.calls();
      text.set(" Context: red " + before);
      String red = ask(client, "Which colour?");
      text.set(" Context: blue " + before);
      String blue = ask(client, "Which colour?");
      assertThat(blue).isNotEqualTo(red);
      assertThat(stream(client, "Which colour?")).isEqualTo(blue);
      assertThat(model.calls()).isEqualTo(before + 2);
    }
  }

  @Test
  void retrievedDocumentsAreTheEntrysDocuments() {
    ScriptedModel model = ScriptedModel.counting();
    ChatClient client = withAdvisor(model, new Adding(new AtomicReference<>(" Context: red.")));
    ask(client, "Which colour?");
    ask(client, "Which colour?");
    assertThat(model.calls()).isEqualTo(1);

    assertThat(engine.invalidateDocument("d1")).isEqualTo(1);
    ask(client, "Which colour?");
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void theModelIsAskedOnceMoreWhereItTakesNoTemperature() {
    ScriptedModel model =
        ScriptedModel.answering(
            prompt -> {
              if (prompt.getOptions() != null && prompt.getOptions().getTemperature() != null) {
                throw new IllegalStateException("400: temperature is not supported");
              }
              return response("yes", "STOP");
            });
    ChatClient client = withAdvisor(model);

    assertThat(ask(client, "What is a cache?")).isEqualTo("yes");
    assertThat(ask(client, "What is a cache?")).isEqualTo("yes");
    assertThat(model.calls()).isEqualTo(2);
  }

  @Test
  void theAdvisorIsLastByDefault() {
    RepriseAdvisor advisor =
        RepriseAdvisor.builder(ScriptedModel.counting(), engine, SCOPE).build();

    assertThat(advisor.getOrder()).isEqualTo(Integer.MAX_VALUE - 1);
    assertThat(advisor.getName()).isEqualTo("reprise");
  }

  @Test
  void tenantsOfTheAdvisorNeverMeet() {
    ScriptedModel model = ScriptedModel.counting();
    AtomicReference<String> tenant = new AtomicReference<>("a");
    ChatClient client =
        ChatClient.builder(model)
            .defaultAdvisors(
                RepriseAdvisor.builder(model, engine)
                    .scopeFor(prompt -> Scope.of(tenant.get()))
                    .build())
            .build();

    assertThat(ask(client, "What is a cache?")).isEqualTo("answer 1");
    tenant.set("b");
    assertThat(ask(client, "What is a cache?")).isEqualTo("answer 2");
  }
}
