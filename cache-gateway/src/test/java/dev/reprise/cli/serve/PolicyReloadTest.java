package dev.reprise.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reprise.cli.ConfigurationTest;
import dev.reprise.cli.config.Configuration;
import dev.reprise.cli.io.Terminal;
import dev.reprise.model.Answer;
import dev.reprise.model.CacheRequest;
import dev.reprise.model.Scope;
import dev.reprise.policy.Admission;
import dev.reprise.policy.CachePolicy;
import dev.reprise.policy.Plan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** A policy that changes while requests are under way. */
class PolicyReloadTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private @TempDir Path folder;
  private Path path;
  private LivePolicy policy;
  private PolicyReload reload;

  @BeforeEach
  void start() throws Exception {
    path = folder.resolve("reprise.yaml");
    Files.writeString(path, "port: 0\n");
    CommandLine command = ConfigurationTest.command(Terminal.ofProcess(), Map.of());
    command.parseArgs();
    Configuration.File file = Configuration.File.read(path);
    policy = new LivePolicy(CachePolicy.defaults());
    reload = new PolicyReload(file, read(command, file), policy, changed -> read(command, changed));
    reload.bindTo(meters);
    reload.check();
    reload.check();
  }

  private static Configuration read(CommandLine command, Configuration.File file) {
    return Configuration.of(command.getCommandSpec(), Map.of(), Map.of(), List.of(file));
  }

  @AfterEach
  void stop() {
    reload.close();
  }

  private void write(String text) throws Exception {
    Files.writeString(path, text);
    // A change is taken over once it was seen twice.
    reload.check();
    reload.check();
  }

  private static CacheRequest warm() {
    return CacheRequest.builder(Scope.of("s")).model("m").user("Why?").temperature(1).build();
  }

  private boolean isCached() {
    return !(policy.plan(warm()) instanceof Plan.Bypass);
  }

  private double refused() {
    return meters.get("reprise.policy.refused").gauge().value();
  }

  private double reloads(String result) {
    return meters.get("reprise.policy.reloads").tag("result", result).functionCounter().count();
  }

  @Test
  void aChangedFileChangesThePolicy() throws Exception {
    assertThat(isCached()).isFalse();

    write("port: 0\npolicy:\n  any-temperature: true\n");
    assertThat(isCached()).isTrue();
    assertThat(reloads("applied")).isEqualTo(1);

    write("port: 0\npolicy: {use-case: {question: never}, any-temperature: true}\n");
    assertThat(isCached()).isFalse();
  }

  @Test
  void rulesAreSwitchedOffAndAddedWhileItRuns() throws Exception {
    write("policy:\n  any-temperature: true\n  rule: {warm: 'question:.'}\n");
    assertThat(isCached()).isFalse();

    write("policy:\n  any-temperature: true\n  rule: {weather: off, refusal.en: off}\n");
    assertThat(isCached()).isTrue();

    Path own = Files.writeString(path.resolveSibling("own.txt"), "rule mine\nmatch .\n");
    write("policy:\n  any-temperature: true\n  question-rules: " + own + "\n");
    assertThat(isCached()).isFalse();

    write("policy:\n  any-temperature: true\n");
    assertThat(isCached()).isTrue();
    for (String broken :
        List.of("rule: {wether: off}", "rule: {mine: on}", "rule: {mine: 'question:('}")) {
      write("policy: {" + broken + "}\n");
      assertThat(isCached()).as(broken).isTrue();
      assertThat(refused()).as(broken).isEqualTo(1);
    }
  }

  @Test
  void aFileThatIsStillWrittenIsLeftAlone() throws Exception {
    Files.writeString(path, "policy:\n  any-temperature: true\n");
    reload.check();
    assertThat(isCached()).isFalse();

    Files.writeString(path, "policy:\n  max-temperature: 0.5\n");
    reload.check();
    reload.check();
    assertThat(isCached()).isFalse();
    assertThat(reloads("applied")).isEqualTo(1);
  }

  @Test
  void aBrokenFileKeepsThePolicyOfBefore() throws Exception {
    write("policy:\n  any-temperature: true\n");

    for (String broken :
        List.of(
            "policy:\n  any-temperatur: false\n",
            "policy: {max-temperature: 9}\n",
            "policy: {use-case: {question: perhaps}}\n",
            "policy: {any-temperature: maybe}\n",
            "policy: [")) {
      write(broken);
      assertThat(isCached()).as(broken).isTrue();
      assertThat(refused()).as(broken).isEqualTo(1);
    }
    assertThat(reloads("refused")).isEqualTo(5);

    Files.delete(path);
    reload.check();
    reload.check();
    assertThat(isCached()).isTrue();
    assertThat(reloads("refused")).isEqualTo(6);

    write("policy:\n  any-temperature: false\n");
    assertThat(isCached()).isFalse();
    assertThat(refused()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# policy:\n#   any-temperature: true\n", "null\n"})
  void anEmptiedFileKeepsThePolicyOfBefore(String nothing) throws Exception {
    write("policy:\n  any-temperature: true\n");

    write(nothing);
    assertThat(isCached()).isTrue();
    assertThat(refused()).isEqualTo(1);

    write("policy:\n  any-temperature: true\n");
    assertThat(isCached()).isTrue();
    assertThat(refused()).isZero();

    write("policy: {}\n");
    assertThat(isCached()).isFalse();
  }

  @Test
  void aFileThatIsGoneIsToldOfEvenAfterItWasEmptied() throws Exception {
    write("policy:\n  any-temperature: true\n");
    write("");
    Files.delete(path);
    reload.check();
    reload.check();
    reload.check();

    assertThat(isCached()).isTrue();
    assertThat(refused()).isEqualTo(1);
    assertThat(reloads("refused")).isEqualTo(2);

    write("policy:\n  any-temperature: true\n");
    assertThat(refused()).isZero();
  }

  @Test
  void aRequestIsDecidedByOnePolicyFromPlanToAdmission() throws Exception {
    CachePolicy before = policy.current();
    write("policy: {use-case: {question: never}}\n");

    assertThat(before.admit(warm(), Answer.ofText("Because."), Instant.EPOCH))
        .isInstanceOf(Admission.Store.class);
    assertThat(policy.current().admit(warm(), Answer.ofText("Because."), Instant.EPOCH))
        .isInstanceOf(Admission.Skip.class);
  }
}
