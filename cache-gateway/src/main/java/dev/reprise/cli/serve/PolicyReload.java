package dev.reprise.cli.serve;

import dev.reprise.cli.config.Configuration;
import dev.reprise.cli.config.ConfigurationFile;
import dev.reprise.cli.config.SettingKey;
import dev.reprise.cli.io.InputException;
import dev.reprise.policy.CachePolicy;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/*
 * Once a second the file's time and size are looked at. Where they differ, the text is read, and read again a second later: it counts
 * when it is the same both times, so that a file half written is left alone.
 */
/**
 * Takes over the policy of a configuration file when the file changes. A file that cannot be
 * understood changes nothing: the policy of before stays, the log says why, and a meter is 1.
 */
final class PolicyReload implements MeterBinder, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyReload.class);

  private final Path path;
  private final Configuration atStart;
  private final LivePolicy policy;
  private final Function<Configuration.File, Configuration> resolver;
  private final ScheduledExecutorService thread;

  private Configuration now;
  private String known;
  private @Nullable Stamp stamp;
  private @Nullable String unsettled;
  private boolean isUnreadable;
  private volatile boolean isRefused;
  private final AtomicLong applied = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  /** When a file was last written, and how long it is. */
  private record Stamp(FileTime modified, long size) {
    static Stamp of(Path path) throws IOException {
      return new Stamp(Files.getLastModifiedTime(path), Files.size(path));
    }
  }

  /**
   * @param file the file as it was read at the start
   * @param atStart what was made of it
   * @param policy what is exchanged
   * @param resolver makes the same of the file's text of later
   */
  PolicyReload(
      Configuration.File file,
      Configuration atStart,
      LivePolicy policy,
      Function<Configuration.File, Configuration> resolver) {
    this.path = file.path();
    this.known = file.text();
    this.atStart = atStart;
    this.now = atStart;
    this.policy = policy;
    this.resolver = resolver;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread created = new Thread(task, "reprise-reload");
              created.setDaemon(true);
              return created;
            });
  }

  /** Begins to look. */
  void start() {
    var unused = thread.scheduleWithFixedDelay(this::check, 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("reprise.policy.refused", this, reload -> reload.isRefused ? 1 : 0)
        .description("1 while the configuration file cannot be used and an older policy stays")
        .register(registry);
    for (String result : List.of("applied", "refused")) {
      FunctionCounter.builder(
              "reprise.policy.reloads",
              result.equals("applied") ? applied : refused,
              AtomicLong::doubleValue)
          .tag("result", result)
          .description("changes of the configuration file")
          .register(registry);
    }
  }

  /** Looks once. */
  synchronized void check() {
    try {
      Stamp found = Stamp.of(path);
      if (found.equals(stamp) && unsettled == null) {
        return;
      }
      stamp = found;
      String text = ConfigurationFile.text(path);
      if (!text.equals(unsettled)) {
        unsettled = text;
        return;
      }
      unsettled = null;
      boolean isBack = isUnreadable;
      isUnreadable = false;
      if (!text.equals(known) || isBack) {
        known = text;
        changed(new Configuration.File(path, text));
      }
    } catch (IOException | InputException e) {
      if (!isUnreadable) {
        // What is not there, or cannot be read, is said once.
        isUnreadable = true;
        keep(
            e instanceof NoSuchFileException
                ? path + " is gone"
                : e instanceof IOException ? path + ": cannot be read: " + e : e.getMessage());
      }
      stamp = null;
    } catch (Throwable e) {
      LOG.error("Reading {} again failed; this is a defect of Reprise", path, e);
    }
  }

  private void changed(Configuration.File file) {
    if (ConfigurationFile.isEmpty(file.path().toString(), file.text())) {
      // A file that is just being saved looks like this, and so does one that was cut off.
      keep(path + " is empty");
    } else {
      takeOver(file);
    }
  }

  private void takeOver(Configuration.File file) {
    Configuration next;
    PolicyOptions options = new PolicyOptions();
    try {
      next = resolver.apply(file);
      next.fill(new CommandLine(options), PolicyReload::isPolicy);
      policy.exchange(policy(options, next));
    } catch (InputException e) {
      refuse(e.getMessage());
      return;
    }
    List<SettingKey> policies = now.changed(next).stream().filter(PolicyReload::isPolicy).toList();
    List<SettingKey> others = atStart.changed(next).stream().filter(key -> !isPolicy(key)).toList();
    now = next;
    isRefused = false;
    applied.incrementAndGet();
    LOG.info("{} was read again; changed in the policy: {}", path, names(policies));
    if (!others.isEmpty()) {
      LOG.warn("{}: these are taken over at the next start only: {}", path, names(others));
    }
  }

  private static CachePolicy policy(PolicyOptions options, Configuration from) {
    try {
      return options.policy();
    } catch (InputException e) {
      throw from.located(e);
    }
  }

  private void keep(@Nullable String why) {
    isRefused = true;
    refused.incrementAndGet();
    LOG.warn(
        "{}; the policy of before stays. To go back to the defaults, write \"policy: {}\" into it",
        why,
        "{}");
  }

  private void refuse(@Nullable String why) {
    isRefused = true;
    refused.incrementAndGet();
    LOG.error("{}; the policy of before stays", why);
  }

  private static boolean isPolicy(SettingKey key) {
    return key.section().equals(SettingKey.POLICY);
  }

  private static String names(List<SettingKey> keys) {
    return keys.isEmpty()
        ? "nothing"
        : keys.stream().map(SettingKey::path).collect(Collectors.joining(", "));
  }
}
