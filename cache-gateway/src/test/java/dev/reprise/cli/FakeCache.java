package dev.reprise.cli;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.reprise.cli.cache.CacheSettings;
import dev.reprise.cli.demo.DemoCache;
import dev.reprise.cli.demo.DemoQuestion;
import dev.reprise.cli.demo.DemoReply;
import dev.reprise.cli.demo.DemoUpstream;
import dev.reprise.cli.io.HeaderLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A cache that knows equal questions only. */
final class FakeCache implements DemoCache {
  private final Map<String, DemoReply.Served> entries = new ConcurrentHashMap<>();
  private final CacheSettings settings;
  private final DemoUpstream upstream;

  FakeCache(CacheSettings settings, DemoUpstream upstream) {
    this.settings = settings;
    this.upstream = upstream;
  }

  @Override
  public DemoReply ask(DemoQuestion question) {
    DemoReply.Served cached = entries.get(question.text());
    if (cached != null) {
      return new DemoReply.ExactHit(cached, Duration.ofMillis(1), Duration.ofMillis(100));
    }
    ChatResponse response = upstream.modelFor(question).chat(UserMessage.from(question.text()));
    DemoReply.Served served = new DemoReply.Served(response.aiMessage().text(), 10, 10);
    entries.put(question.text(), served);
    return new DemoReply.Miss(served, Duration.ofMillis(100), Duration.ofMillis(2));
  }

  @Override
  public Comparison compare(DemoQuestion asked, String cached) {
    return new Comparison(0.264, 0.264, false, "cosine 0.264 is below 0.950");
  }

  @Override
  public List<HeaderLine> description() {
    return List.of(new HeaderLine("exact", "fake " + settings.tiers().exact()));
  }

  @Override
  public List<String> troubles() {
    return List.of();
  }

  @Override
  public void close() {}
}
