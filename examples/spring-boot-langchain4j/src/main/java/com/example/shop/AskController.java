package com.example.shop;

import dev.langchain4j.model.chat.ChatModel;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AskController {
  private final ChatModel model;

  AskController(ChatModel model) {
    this.model = model;
  }

  @GetMapping("/ask")
  String ask(@RequestParam("q") String question) {
    return model.chat(question);
  }
}
