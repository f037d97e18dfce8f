package dev.reprise.quarkus.it;

import dev.langchain4j.agent.tool.Tool;
import jakarta.enterprise.context.ApplicationScoped;

/** A tool whose result is always the same. */
@ApplicationScoped
public class Clock {
  /** Returns when the shop opens. */
  @Tool("When the shop opens")
  public String opening() {
    return "09:00";
  }
}
