package com.example.shop;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.service.AiServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
class AskController {
  private final ChatModel model;
  private final StreamingChatModel streaming;
  private final Form form;
  private final Clerk clerk;

  AskController(ChatModel model, StreamingChatModel streaming) {
    this.model = model;
    this.streaming = streaming;
    this.form = AiServices.create(Form.class, model);
    this.clerk = AiServices.builder(Clerk.class).chatModel(model).tools(new Shop()).build();
  }

  @GetMapping("/ask")
  String ask(@RequestParam("q") String question) {
    return model.chat(question);
  }

  @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter stream(@RequestParam("q") String question) {
    SseEmitter events = new SseEmitter();
    streaming.chat(question, new Sending(events));
    return events;
  }

  /** What the model is asked to fill in. */
  record Steps(String first, String second) {}

  interface Form {
    Steps steps(String question);
  }

  @GetMapping("/steps")
  Steps steps(@RequestParam("q") String question) {
    return form.steps(question);
  }

  /** What the model may ask. */
  static class Shop {
    @Tool("When the shop opens")
    String opening() {
      return "09:00";
    }
  }

  interface Clerk {
    String answer(String question);
  }

  @GetMapping("/opening")
  String opening(@RequestParam("q") String question) {
    return clerk.answer(question);
  }

  /** Sends a stream on, word by word. */
  private record Sending(SseEmitter events) implements StreamingChatResponseHandler {
    @Override
    public void onPartialResponse(String text) {
      try {
        events.send(text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      events.complete();
    }

    @Override
    public void onError(Throwable error) {
      events.completeWithError(error);
    }
  }
}
