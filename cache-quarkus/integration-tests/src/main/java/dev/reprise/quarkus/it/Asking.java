package dev.reprise.quarkus.it;

import dev.langchain4j.model.chat.ChatModel;
import io.quarkiverse.langchain4j.ModelName;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

/** Asks the models over HTTP. */
@Path("/")
public class Asking {
  private final ChatModel model;
  private final ChatModel third;
  private final Assistant assistant;
  private final SecondAssistant second;

  @Inject
  Asking(
      ChatModel model,
      @ModelName("third") ChatModel third,
      Assistant assistant,
      SecondAssistant second) {
    this.model = model;
    this.third = third;
    this.assistant = assistant;
    this.second = second;
  }

  /** Asks the model without an AI service. */
  @GET
  @Path("model")
  public String model(@QueryParam("q") String question) {
    return model.chat(question);
  }

  /** Asks the third model, which the configuration excludes. */
  @GET
  @Path("third")
  public String third(@QueryParam("q") String question) {
    return third.chat(question);
  }

  /** Asks the AI service. */
  @GET
  @Path("answer")
  public String answer(@QueryParam("q") String question) {
    return assistant.answer(question);
  }

  /** Asks the AI service for a stream, on the event loop. */
  @GET
  @Path("stream")
  public Multi<String> stream(@QueryParam("q") String question) {
    return assistant.stream(question);
  }

  /** Asks the AI service for an object. */
  @GET
  @Path("person")
  public Assistant.Person person(@QueryParam("q") String text) {
    return assistant.person(text);
  }

  /** Asks the AI service for an answer with a tool. */
  @GET
  @Path("tool")
  public String tool(@QueryParam("q") String question) {
    return assistant.withTool(question);
  }

  /** Asks the AI service over the named model. */
  @GET
  @Path("second")
  public String second(@QueryParam("q") String question) {
    return second.answer(question);
  }
}
