package dev.reprise.curated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.CacheException;
import dev.reprise.model.Scope;
import dev.reprise.testing.FakeClock;
import dev.reprise.testing.MapExactTier;
import dev.reprise.tier.SharedLog.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CuratedAnswersTest {
  private static final Scope SCOPE = Scope.of("a");
  private final FakeClock clock = new FakeClock();
  private final LogTier.Server server = new LogTier.Server();
  private final CuratedAnswers answers = process();

  private CuratedAnswers process() {
    return CuratedAnswers.on(new LogTier(server, clock), clock, List.of());
  }

  private static CuratedEntry entry(String id, String answer) {
    return CuratedEntry.builder("Question " + id + "?", answer).id(id).build();
  }

  private CuratedProposal proposal(String question) {
    return new CuratedProposal("x", question, SCOPE, 0.9, clock.now());
  }

  @Test
  void everyChangeIsAVersionThatCanBeRolledBackTo() {
    assertThat(answers.current()).isEqualTo(CuratedSet.EMPTY);
    CuratedSet first = answers.replace(List.of(entry("x", "1"), entry("y", "1")), "jane", "first");
    assertThat(first.version()).isEqualTo(1);
    assertThat(answers.replace(first.entries(), "joe", "again")).isSameAs(first);
    answers.add(List.of(entry("z", "1"), entry("x", "2")), "joe", "");
    assertThat(answers.current().entries())
        .containsExactly(entry("x", "2"), entry("y", "1"), entry("z", "1"));
    assertThat(answers.remove("y", "joe")).isTrue();
    assertThat(answers.remove("y", "joe")).isFalse();
    CuratedSet back = answers.rollBack(1, "jane");
    assertThat(back.version()).isEqualTo(4);
    assertThat(back.note()).isEqualTo("roll back to version 1");
    assertThat(back.entries()).isEqualTo(first.entries());
    assertThat(answers.versions()).extracting(CuratedSet::version).containsExactly(4L, 3L, 2L, 1L);
    assertThatThrownBy(() -> answers.rollBack(9, ""))
        .hasMessage("version 9 of the curated answers is not kept; there are [4, 3, 2, 1]");
    assertThat(process().versions()).isEqualTo(answers.versions());
  }

  @Test
  void soManyVersionsAreKept() {
    for (int i = 1; i <= CuratedAnswers.MOST_VERSIONS + 5; i++) {
      answers.replace(List.of(entry("x", "answer " + i)), "", "");
    }
    assertThat(answers.versions()).hasSize(CuratedAnswers.MOST_VERSIONS);
    assertThat(answers.versions().get(19).version()).isEqualTo(6);
  }

  @Test
  void aSetThatCannotBeIsRefused() {
    assertThatThrownBy(() -> answers.replace(List.of(entry("x", "1"), entry("x", "2")), "", ""))
        .hasMessage("two curated entries have the id x");
    assertThatThrownBy(() -> answers.add(List.of(entry("x", "1"), entry("x", "2")), "", ""))
        .hasMessage("two curated entries have the id x");
    String long1 = "a".repeat(CuratedEntry.LONGEST_ANSWER);
    List<CuratedEntry> tooMuch =
        java.util.stream.IntStream.range(0, 50).mapToObj(i -> entry("e" + i, long1)).toList();
    assertThatThrownBy(() -> answers.replace(tooMuch, "", ""))
        .hasMessageContaining("number of characters of the curated entries is 5000");
    assertThat(answers.current().version()).isZero();
  }

  @Test
  void aServerThatIsAwayChangesNothing() {
    server.isDown = true;
    assertThatThrownBy(() -> answers.replace(List.of(entry("x", "1")), "", ""))
        .isInstanceOf(CacheException.class);
    assertThat(answers.current().version()).isZero();
  }

  @Test
  void twoProcessesThatImportAtTheSameTimeAgree() {
    CuratedAnswers other = process();
    answers.replace(List.of(entry("x", "mine")), "jane", "");
    clock.advance(Duration.ofMillis(5));
    other.replace(List.of(entry("x", "theirs")), "joe", "");
    server.deliver();
    assertThat(answers.current().entries()).containsExactly(entry("x", "theirs"));
    assertThat(other.current()).isEqualTo(answers.current());
    assertThat(process().current()).isEqualTo(answers.current());
  }

  @Test
  void whatTheServerLostIsToldAgain() {
    answers.replace(List.of(entry("x", "1")), "", "");
    answers.replace(List.of(entry("x", "2")), "", "");
    answers.approveAlias("x", "Other words", Optional.empty(), "jane");
    answers.propose(proposal("Near words"));
    server.lose();
    assertThat(process().current().version()).isZero();
    server.isDown = true;
    assertThatThrownBy(answers::settle).isInstanceOf(CacheException.class);
    server.isDown = false;
    answers.settle();
    CuratedAnswers later = process();
    assertThat(later.versions()).isEqualTo(answers.versions());
    assertThat(later.aliases()).isEqualTo(answers.aliases()).hasSize(1);
    assertThat(later.proposals()).isEqualTo(answers.proposals()).hasSize(1);
    int records = server.of(Topic.CURATED).size();
    answers.settle();
    assertThat(server.of(Topic.CURATED)).hasSize(records);
  }

  @Test
  void anApprovedWordingOutlivesImportsAndCanBeTakenBack() {
    answers.replace(List.of(entry("x", "1")), "", "");
    AtomicInteger changes = new AtomicInteger();
    answers.onChange(changes::incrementAndGet);
    assertThat(answers.approveAlias("x", "Other words", Optional.empty(), "jane")).isTrue();
    assertThat(answers.approveAlias("x", "Other words", Optional.of(SCOPE), "joe")).isFalse();
    assertThat(answers.approveAlias("x", "Question x?", Optional.empty(), "joe")).isFalse();
    assertThatThrownBy(() -> answers.approveAlias("q", "Other", Optional.empty(), ""))
        .hasMessage("there is no curated entry q");
    answers.replace(List.of(entry("x", "2")), "", "");
    assertThat(answers.aliases())
        .containsExactly(
            new CuratedAlias("x", "Other words", Optional.empty(), "jane", clock.now()));
    assertThat(process().aliases()).isEqualTo(answers.aliases());
    assertThat(changes).hasValue(2);
    answers.replace(List.of(entry("y", "1")), "", "");
    assertThat(answers.aliases()).isEmpty();
    answers.rollBack(2, "");
    assertThat(answers.aliases()).hasSize(1);
    clock.advance(Duration.ofMillis(5));
    assertThat(answers.removeAlias("x", "Other words", "joe")).isTrue();
    assertThat(answers.removeAlias("x", "Other words", "joe")).isFalse();
    server.deliver();
    assertThat(answers.aliases()).isEmpty();
    assertThat(process().aliases()).isEmpty();
  }

  @Test
  void aProposalIsApprovedOrRejectedOnce() {
    answers.replace(List.of(entry("x", "1")), "", "");
    assertThat(answers.propose(proposal("One?"))).isTrue();
    assertThat(answers.propose(proposal("One?"))).isFalse();
    assertThat(answers.propose(proposal("Two?"))).isTrue();
    assertThat(answers.propose(proposal("x".repeat(3_000)))).isFalse();
    assertThat(answers.approve(proposal("One?").id(), "jane")).isTrue();
    assertThat(answers.reject(proposal("Two?").id())).isTrue();
    assertThat(answers.approve(proposal("Two?").id(), "jane")).isFalse();
    assertThat(answers.propose(proposal("Two?"))).isFalse();
    assertThat(answers.proposals()).isEmpty();
    assertThat(answers.aliases()).extracting(CuratedAlias::text).containsExactly("One?");
    assertThat(answers.aliases().get(0).scope()).isEmpty();
    CuratedAnswers later = process();
    assertThat(later.proposals()).isEmpty();
    assertThat(later.propose(proposal("Two?"))).isFalse();
  }

  @Test
  void whatTheJudgeAdoptsCountsInItsScopeOnly() {
    answers.replace(List.of(entry("x", "1")), "", "");
    assertThat(answers.adopt(proposal("One?"))).isTrue();
    assertThat(answers.adopt(proposal("One?"))).isFalse();
    assertThat(answers.aliases())
        .containsExactly(
            new CuratedAlias("x", "One?", Optional.of(SCOPE), CuratedAlias.JUDGE, clock.now()));
    clock.advance(Duration.ofMillis(5));
    answers.removeAlias("x", "One?", "jane");
    assertThat(answers.adopt(proposal("One?"))).as("taken back for good").isFalse();
  }

  @Test
  void anUnreadableRecordIsLeftOut() {
    answers.replace(List.of(entry("x", "1")), "", "");
    server.of(Topic.CURATED).add("{\"format\":2}");
    server.of(Topic.CURATED).add("none");
    assertThat(process().current()).isEqualTo(answers.current());
  }

  @Test
  void theApplicationsOwnEntriesStandBesideTheImportedOnes() {
    CuratedAnswers mixed =
        CuratedAnswers.on(
            new MapExactTier(clock), clock, List.of(entry("x", "own"), entry("y", "own")));
    mixed.replace(List.of(entry("x", "imported")), "", "");
    assertThat(mixed.entries()).containsExactly(entry("x", "imported"), entry("y", "own"));
    assertThat(mixed.approveAlias("y", "Other?", Optional.empty(), "")).isTrue();
    assertThat(mixed.propose(new CuratedProposal("y", "Near?", SCOPE, 0.9, clock.now()))).isTrue();
  }
}
