package dev.reprise.curated;

import dev.reprise.testing.FakeClock;
import dev.reprise.testing.ForwardingExactTier;
import dev.reprise.testing.MapExactTier;
import dev.reprise.tier.SharedLog;
import dev.reprise.tier.SharedLog.Topic;
import dev.reprise.tier.SharedLog.Writer;
import dev.reprise.tier.TierException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server's logs in memory. Each process has a tier of its own on them. */
final class LogTier extends ForwardingExactTier {
  private final Server server;

  LogTier(Server server, FakeClock clock) {
    super(new MapExactTier(clock));
    this.server = server;
  }

  @Override
  public Optional<SharedLog> sharedLog(Topic topic) {
    return Optional.of(new Log(topic));
  }

  /** What a process appends reaches the readers when the test says so. */
  static final class Server {
    final Map<Topic, List<String>> records = new EnumMap<>(Topic.class);
    final Map<Topic, List<SharedLog.Reader>> readers = new EnumMap<>(Topic.class);
    private final List<Runnable> undelivered = new ArrayList<>();
    boolean isDown;

    List<String> of(Topic topic) {
      return records.computeIfAbsent(topic, unused -> new ArrayList<>());
    }

    void deliver() {
      List<Runnable> now = List.copyOf(undelivered);
      undelivered.clear();
      now.forEach(Runnable::run);
    }

    void lose() {
      records.clear();
      readers.values().forEach(all -> all.forEach(SharedLog.Reader::lost));
    }
  }

  private final class Log implements SharedLog {
    private final Topic topic;

    Log(Topic topic) {
      this.topic = topic;
    }

    @Override
    public void append(String record) {
      if (server.isDown) {
        throw new TierException("redis", "it is away");
      }
      server.of(topic).add(record);
      for (Reader reader : server.readers.getOrDefault(topic, List.of())) {
        server.undelivered.add(() -> reader.read(record, Writer.ANOTHER));
      }
    }

    @Override
    public void follow(Reader reader) {
      server.of(topic).forEach(record -> reader.read(record, Writer.ANOTHER));
      server.readers.computeIfAbsent(topic, unused -> new ArrayList<>()).add(reader);
    }
  }
}
