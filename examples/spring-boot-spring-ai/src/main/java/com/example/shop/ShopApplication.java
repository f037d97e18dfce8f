package com.example.shop;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class ShopApplication {
  private final ChatClient client;

  ShopApplication(ChatClient.Builder builder) {
    this.client = builder.build();
  }

  @GetMapping("/ask")
  String ask(@RequestParam("q") String question) {
    return client.prompt(question).call().content();
  }

  public static void main(String[] args) {
    SpringApplication.run(ShopApplication.class, args);
  }
}
