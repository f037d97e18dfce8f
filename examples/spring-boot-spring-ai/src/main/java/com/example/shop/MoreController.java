package com.example.shop;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;

/** More than the page shows: streams, entities and tools. */
@RestController
class MoreController {
  private final ChatClient client;

  MoreController(ChatClient.Builder builder) {
    this.client = builder.build();
  }

  @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<String> stream(@RequestParam("q") String question) {
    return client.prompt(question).stream().content();
  }

  /** What the model is asked to fill in. */
  record Steps(String first, String second) {}

  @GetMapping("/steps")
  Steps steps(@RequestParam("q") String question) {
    return client.prompt(question).call().entity(Steps.class);
  }

  /** What the model may ask. */
  static class Shop {
    @Tool(description = "When the shop opens")
    String opening() {
      return "09:00";
    }
  }

  @GetMapping("/opening")
  String opening(@RequestParam("q") String question) {
    return client.prompt(question).tools(new Shop()).call().content();
  }
}
