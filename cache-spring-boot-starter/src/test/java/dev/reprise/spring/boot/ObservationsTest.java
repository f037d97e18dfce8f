package dev.reprise.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.reprise.engine.RequestListener;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** Every call of a cached model is an observation. */
class ObservationsTest {
  private static final String QUESTION = "How do I reset my password?";

  /** Writes down what is stopped: name, key values and the name of the parent. */
  private static final class Recorder implements ObservationHandler<Observation.Context> {
    final List<String> stopped = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onStop(Observation.Context context) {
      var parent = context.getParentObservation();
      stopped.add(
          context.getName()
              + context.getLowCardinalityKeyValues().stream()
                  .map(KeyValue::getValue)
                  .collect(Collectors.joining(" ", " ", ""))
              + (context.getError() == null ? "" : " error")
              + (parent == null ? "" : " in " + parent.getContextView().getName()));
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  private final Recorder recorder = new Recorder();
  private final ObservationRegistry registry = ObservationRegistry.create();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
          .withBean(ObservationRegistry.class, () -> registry)
          .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory");

  ObservationsTest() {
    registry.observationConfig().observationHandler(recorder);
  }

  /** A model that is observed itself, as those of Spring AI are. */
  @Configuration(proxyBeanMethods = false)
  static class ObservedModel {
    @Bean
    ChatModel observed(ObservationRegistry registry) {
      return new ChatModel() {
        @Override
        public ChatResponse doChat(ChatRequest request) {
          return Observation.createNotStarted("model", registry)
              .observe(() -> ScriptedModels.response());
        }
      };
    }
  }

  @Test
  void aCallIsObservedWithItsOutcomeAndTheModelsCallIsPartOfIt() {
    runner
        .withUserConfiguration(ObservedModel.class)
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              model.chat(QUESTION);
              model.chat(QUESTION);
              model.chat("What is the weather like today?");
              assertThat(recorder.stopped)
                  .containsExactly(
                      "model  in reprise.cache",
                      "reprise.cache observed computed none",
                      "reprise.cache observed exact-hit none",
                      "model  in reprise.cache",
                      "reprise.cache observed bypassed dynamic");
            });
  }

  @Test
  void aFailureIsObserved() {
    runner
        .withBean(
            "failing",
            ChatModel.class,
            () ->
                new ChatModel() {
                  @Override
                  public ChatResponse doChat(ChatRequest request) {
                    throw new IllegalStateException("no answer");
                  }
                })
        .run(
            context -> {
              ChatModel model = context.getBean(ChatModel.class);
              assertThatThrownBy(() -> model.chat(QUESTION)).hasMessage("no answer");
              assertThat(recorder.stopped)
                  .containsExactly("reprise.cache failing failed none error");
            });
  }

  @Test
  void aStreamOfLangChain4jIsObserved() {
    runner
        .withUserConfiguration(RepriseAutoConfigurationTest.BothModel.class)
        .run(
            context -> {
              StreamingChatModel model = context.getBean(StreamingChatModel.class);
              ScriptedModels.stream(model, QUESTION);
              ScriptedModels.stream(model, QUESTION);
              assertThat(recorder.stopped)
                  .containsExactly(
                      "reprise.cache bothModel computed none",
                      "reprise.cache bothModel exact-hit none");
            });
  }

  /** Cancels at the first piece. */
  private static final class Cancelling implements StreamingChatResponseHandler {
    @Override
    public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
      context.streamingHandle().cancel();
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      throw new AssertionError("a cancelled stream completed");
    }

    @Override
    public void onError(Throwable error) {
      throw new AssertionError(error);
    }
  }

  @Test
  void aCancelledStreamOfLangChain4jIsObserved() {
    runner
        .withBean("pieces", StreamingChatModel.class, Pieces::new)
        .run(
            context -> {
              StreamingChatModel model = context.getBean(StreamingChatModel.class);
              model.chat(QUESTION, new Cancelling());
              assertThat(recorder.stopped).containsExactly("reprise.cache pieces cancelled none");
            });
  }

  /** A model that streams two pieces with a handle, and ends where it is cancelled. */
  private static final class Pieces implements StreamingChatModel {
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      AtomicBoolean cancelled = new AtomicBoolean();
      StreamingHandle handle =
          new StreamingHandle() {
            @Override
            public void cancel() {
              cancelled.set(true);
            }

            @Override
            public boolean isCancelled() {
              return cancelled.get();
            }
          };
      for (String piece : List.of("one", "two")) {
        if (!cancelled.get()) {
          handler.onPartialResponse(new PartialResponse(piece), new PartialResponseContext(handle));
        }
      }
      if (!cancelled.get()) {
        handler.onCompleteResponse(ScriptedModels.response());
      }
    }
  }

  @Test
  void aStreamOfSpringAiIsPartOfWhatItsThreadObserves() {
    runner
        .withUserConfiguration(SpringAiModelsTest.Models.class)
        .run(
            context -> {
              var model = context.getBean(org.springframework.ai.chat.model.ChatModel.class);
              Observation.createNotStarted("request", registry)
                  .observe(() -> model.stream(QUESTION).collectList().block());
              assertThat(recorder.stopped)
                  .containsExactly(
                      "reprise.cache openAiChatModel computed none in request", "request ");
            });
  }

  @Test
  void twoRegistriesOrAListenerOfTheApplicationDoNotBreakACall() {
    runner
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withBean("second", ObservationRegistry.class, ObservationRegistry::create)
        .withBean("own", RequestListener.class, () -> (request, end) -> {})
        .run(
            context -> {
              assertThat(context.getBean(ChatModel.class).chat(QUESTION))
                  .isEqualTo(ScriptedModels.ANSWER);
              assertThat(context).hasSingleBean(RequestListener.class);
            });
  }

  @Test
  void aCancelledStreamOfSpringAiIsObservedWithItsOutcome() {
    runner
        .withUserConfiguration(SpringAiModelsTest.Models.class)
        .run(
            context -> {
              var model = context.getBean(org.springframework.ai.chat.model.ChatModel.class);
              model.stream(QUESTION).collectList().block();
              model.stream(QUESTION).blockFirst();
              model.stream(QUESTION).collectList().block();
              assertThat(recorder.stopped)
                  .containsExactly(
                      "reprise.cache openAiChatModel computed none",
                      "reprise.cache openAiChatModel exact-hit none",
                      "reprise.cache openAiChatModel exact-hit none");
            });
  }

  @Test
  void aStreamOfSpringAiIsObserved() {
    runner
        .withUserConfiguration(SpringAiModelsTest.Models.class)
        .run(
            context -> {
              var model = context.getBean(org.springframework.ai.chat.model.ChatModel.class);
              Flux<String> stream = model.stream(QUESTION);
              assertThat(recorder.stopped).isEmpty();
              stream.collectList().block();
              stream.collectList().block();
              assertThat(recorder.stopped)
                  .containsExactly(
                      "reprise.cache openAiChatModel computed none",
                      "reprise.cache openAiChatModel exact-hit none");
            });
  }

  @Test
  void withoutARegistryNothingIsObserved() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                RepriseAutoConfiguration.class, RepriseActuatorAutoConfiguration.class))
        .withUserConfiguration(RepriseAutoConfigurationTest.OpenModel.class)
        .withPropertyValues("reprise.scope=shop", "reprise.tiers=memory")
        .run(
            context ->
                assertThat(context.getBean(ChatModel.class).chat(QUESTION))
                    .isEqualTo(ScriptedModels.ANSWER));
  }
}
