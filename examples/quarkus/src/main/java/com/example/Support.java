package com.example;

import dev.langchain4j.service.SystemMessage;
import io.quarkiverse.langchain4j.RegisterAiService;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

@Path("/ask")
public class Support {
  @RegisterAiService
  @SystemMessage("You answer customers' questions in two sentences.")
  interface Assistant {
    String answer(String question);
  }

  @Inject Assistant assistant;

  @GET
  public String ask(@QueryParam("q") String question) {
    return assistant.answer(question);
  }
}
