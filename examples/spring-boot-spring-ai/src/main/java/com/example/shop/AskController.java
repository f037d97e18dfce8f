package com.example.shop;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AskController {
  private final ChatClient client;

  AskController(ChatClient.Builder builder) {
    this.client = builder.build();
  }

  @GetMapping("/ask")
  String ask(@RequestParam("q") String question) {
    return client.prompt(question).call().content();
  }

  /** What the model is asked to fill in. */
  record Steps(String first, String second) {}

  @GetMapping("/steps")
  Steps steps(@RequestParam("q") String question) {
    return client.prompt(question).call().entity(Steps.class);
  }
}
