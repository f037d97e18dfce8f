package com.example.shop;

import java.util.concurrent.Callable;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

@RestController
class AskController {
  private final ChatClient client;

  AskController(ChatClient.Builder builder) {
    this.client = builder.build();
  }

  @GetMapping("/ask")
  Mono<String> ask(@RequestParam("q") String question) {
    return onWorker(() -> client.prompt(question).call().content());
  }

  @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  Flux<String> stream(@RequestParam("q") String question) {
    return client.prompt(question).stream().content();
  }

  /** What the model is asked to fill in. */
  record Steps(String first, String second) {}

  @GetMapping("/steps")
  Mono<Steps> steps(@RequestParam("q") String question) {
    return onWorker(() -> client.prompt(question).call().entity(Steps.class));
  }

  /** What the model may ask. */
  static class Shop {
    @Tool(description = "When the shop opens")
    String opening() {
      return "09:00";
    }
  }

  @GetMapping("/opening")
  Mono<String> opening(@RequestParam("q") String question) {
    return onWorker(() -> client.prompt(question).tools(new Shop()).call().content());
  }

  /** A call that waits must not run on the event loop. */
  private static <T> Mono<T> onWorker(Callable<T> call) {
    return Mono.fromCallable(call).subscribeOn(Schedulers.boundedElastic());
  }
}
