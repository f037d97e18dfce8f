package dev.reprise.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.testservers.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./reprise bench fleet} in a short form: each part is killed once. */
class FleetRunIT {
  private static final int DELAY_MILLISECONDS = 50;

  @TempDir Path folder;

  @Test
  @Timeout(600)
  void nothingFailsIsStaleForeignOrLostWhilePartsAreKilled() throws Exception {
    FleetRun.Plan plan = new FleetRun.Plan(1, 10, 0.7, 5, 10, folder);
    List<String> launcher =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // This module brings another one along.
            "-Dslf4j.provider=ch.qos.logback.classic.spi.LogbackServiceProvider",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.reprise.cli.Reprise");
    FleetRun.Result result;
    try (RedisProcess redis = FleetRun.redis();
        Child upstream = Child.upstream(folder, DELAY_MILLISECONDS)) {
      String url = upstream.await(LoadModelServer.LISTENS, Duration.ofSeconds(60));
      result = new FleetRun(plan, launcher).run(redis, null, url);
    }
    System.out.println(result.line());
    assertThat(result.checks().all())
        .hasSizeGreaterThanOrEqualTo(6)
        .allSatisfy(check -> assertThat(check.isTrue()).as("%s", check).isTrue());
    assertThat(result.examples()).isEmpty();
    assertThat(result.isClean()).as(result.line()).isTrue();
    assertThat(result.calls()).isGreaterThan(600);
  }
}
