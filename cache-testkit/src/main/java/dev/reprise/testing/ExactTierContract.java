package dev.reprise.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.key.Question;
import dev.reprise.model.Answer;
import dev.reprise.model.Completion;
import dev.reprise.model.Document;
import dev.reprise.model.Tag;
import dev.reprise.model.TokenUsage;
import dev.reprise.tier.Entry;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.Scan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Contract tests for every {@link ExactTier}. A subclass creates the tier. Each test gets a new,
 * empty one.
 */
public abstract class ExactTierContract {
  /** The clock by which the tier's entries expire. */
  protected final FakeClock clock = new FakeClock();

  /** The tier under test. */
  protected ExactTier tier;

  /** Returns an empty tier whose entries expire by {@code clock}. */
  protected abstract ExactTier createTier(FakeClock clock);

  /** Waits until what was written can be read. For a tier that writes behind its caller. */
  protected void settle() {}

  @BeforeEach
  void create() {
    tier = createTier(clock);
  }

  @AfterEach
  void closeTier() {
    tier.close();
  }

  @Test
  void fetchesWhatWasStored() {
    Entry entry = Entries.entry("a", now());
    store(entry);

    assertThat(tier.fetch(entry.key())).contains(new ExactTier.Fetched(entry, tier.name()));
  }

  @Test
  void whatWasNotStoredIsAbsent() {
    store(Entries.entry("a", now()));

    assertThat(fetch("b")).isEmpty();
  }

  @Test
  void storingAgainReplaces() {
    store(Entries.builder("a", now()).text("old").tags(Tag.of("old")).build());
    Entry replacement = Entries.builder("a", now()).text("new").tags(Tag.of("new")).build();
    store(replacement);

    assertThat(fetch("a")).contains(replacement);
  }

  @Test
  void aReplacedEntryIsNotInvalidatedByItsOldTags() {
    store(Entries.builder("a", now()).tags(Tag.of("old"), Tag.of("kept")).build());
    store(Entries.builder("a", now()).tags(Tag.of("new"), Tag.of("kept")).build());

    assertThat(invalidate(Tag.of("old"))).isZero();
    assertThat(fetch("a")).isPresent();
    assertThat(invalidate(Tag.of("kept"))).isEqualTo(1);
    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void servesUntilTheMillisecondBeforeExpiryAndNotAtIt() {
    store(Entries.builder("a", now()).life(Duration.ofMinutes(10)).build());

    clock.advance(Duration.ofMinutes(10).minusMillis(1));
    assertThat(fetch("a")).isPresent();

    clock.advance(Duration.ofMillis(1));
    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void anEntryThatIsExpiredAlreadyIsNotStored() {
    Entry expired = Entries.builder("a", now()).life(Duration.ofMinutes(1)).build();
    clock.advance(Duration.ofMinutes(1));

    store(expired);

    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void anEntryStoredLateKeepsItsOwnExpiry() {
    Entry entry = Entries.builder("a", now()).life(Duration.ofMinutes(10)).build();
    clock.advance(Duration.ofMinutes(9));
    store(entry);

    assertThat(fetch("a")).contains(entry);
    clock.advance(Duration.ofMinutes(1));
    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void aReplacementExpiresByItsOwnExpiry() {
    store(Entries.builder("a", now()).life(Duration.ofMinutes(1)).build());
    store(Entries.builder("a", now()).life(Duration.ofMinutes(10)).build());
    store(Entries.builder("b", now()).life(Duration.ofMinutes(10)).build());
    store(Entries.builder("b", now()).life(Duration.ofMinutes(1)).build());

    clock.advance(Duration.ofMinutes(1));

    assertThat(fetch("a")).isPresent();
    assertThat(fetch("b")).isEmpty();
  }

  @Test
  void anExpiredEntryCanBeReplacedAndIsIndexedAnew() {
    Tag tag = Tag.of("t");
    store(Entries.builder("a", now()).life(Duration.ofMinutes(1)).tags(tag).build());
    clock.advance(Duration.ofMinutes(2));
    store(Entries.builder("a", now()).life(Duration.ofMinutes(1)).tags(tag).build());

    assertThat(fetch("a")).isPresent();
    assertThat(invalidate(tag)).isEqualTo(1);
    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void storesWhatNeverExpiresForAllWeKnow() {
    Entry entry = Entries.builder("a", now()).life(Duration.ofDays(400_000)).build();
    store(entry);

    clock.advance(Duration.ofDays(300));
    assertThat(fetch("a")).contains(entry);
  }

  @Test
  void removes() {
    store(Entries.entry("a", now()));
    store(Entries.entry("b", now()));

    assertThat(tier.remove(Entries.key("a"))).isTrue();
    settle();
    assertThat(tier.remove(Entries.key("a"))).isFalse();
    assertThat(fetch("a")).isEmpty();
    assertThat(fetch("b")).isPresent();
  }

  @Test
  void invalidatesAllWithTheTagAndNobodyElse() {
    Tag tag = Tag.of("prices");
    for (int i = 0; i < 20; i++) {
      store(Entries.builder("with" + i, now()).tags(tag, Tag.of("other")).build());
      store(Entries.builder("without" + i, now()).tags(Tag.of("other")).build());
    }
    store(Entries.entry("untagged", now()));

    assertThat(invalidate(tag)).isEqualTo(20);

    for (int i = 0; i < 20; i++) {
      assertThat(fetch("with" + i)).isEmpty();
      assertThat(fetch("without" + i)).isPresent();
    }
    assertThat(fetch("untagged")).isPresent();
    assertThat(invalidate(tag)).isZero();
  }

  @Test
  void invalidatesThousandsAtOnce() {
    Tag tag = Tag.of("many");
    for (int i = 0; i < 2_500; i++) {
      tier.store(Entries.builder("many" + i, now()).tags(tag).build());
    }
    settle();

    assertThat(invalidate(tag)).isEqualTo(2_500);
    assertThat(fetch("many0")).isEmpty();
    assertThat(fetch("many2499")).isEmpty();
  }

  @Test
  void invalidatesWhatWasMadeFromADocument() {
    Document document = new Document("handbook", "7");
    Answer answer =
        new Answer(
            "text", "payload", Completion.COMPLETE, new TokenUsage.Unknown(), Set.of(document));
    Entry made =
        Entries.builder("made", now()).answer(answer).tags(Tag.document("handbook")).build();
    store(made);
    store(Entries.builder("other", now()).tags(Tag.document("handbook2")).build());
    assertThat(fetch("made")).contains(made);

    assertThat(invalidate(Tag.document("handbook"))).isEqualTo(1);

    assertThat(fetch("made")).isEmpty();
    assertThat(fetch("other")).isPresent();
  }

  @Test
  void whatIsStoredAfterAnInvalidationIsServedAndCanBeInvalidatedAgain() {
    Tag tag = Tag.of("t");
    store(Entries.builder("a", now()).tags(tag).build());
    invalidate(tag);
    store(Entries.builder("a", now()).tags(tag).build());

    assertThat(fetch("a")).isPresent();
    assertThat(invalidate(tag)).isEqualTo(1);
    assertThat(fetch("a")).isEmpty();
  }

  @Test
  void aTagOutlivesItsShortestEntry() {
    Tag tag = Tag.of("t");
    store(Entries.builder("long", now()).life(Duration.ofDays(3)).tags(tag).build());
    store(Entries.builder("short", now()).life(Duration.ofMinutes(1)).tags(tag).build());
    clock.advance(Duration.ofDays(2));
    store(Entries.builder("new", now()).life(Duration.ofMinutes(1)).tags(tag).build());

    assertThat(invalidate(tag)).isEqualTo(2);
    assertThat(fetch("long")).isEmpty();
  }

  @Test
  void expiredEntriesAreNotCountedByAnInvalidation() {
    Tag tag = Tag.of("t");
    store(Entries.builder("long", now()).life(Duration.ofDays(3)).tags(tag).build());
    store(Entries.builder("short", now()).life(Duration.ofMinutes(1)).tags(tag).build());
    clock.advance(Duration.ofHours(1));

    assertThat(invalidate(tag)).isEqualTo(1);
  }

  @Test
  void tagsMayBeAnyText() {
    List<Tag> tags =
        List.of(Tag.of("a b\r\n*?[x]{y}"), Tag.of("中文"), Tag.of("\0"), Tag.of("x".repeat(256)));
    for (int i = 0; i < tags.size(); i++) {
      store(Entries.builder("a" + i, now()).tags(tags.get(i)).build());
    }
    for (int i = 0; i < tags.size(); i++) {
      assertThat(fetch("a" + i)).isPresent();
      assertThat(invalidate(tags.get(i))).isEqualTo(1);
      assertThat(fetch("a" + i)).isEmpty();
    }
  }

  @Test
  void holdsALargePayload() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_000_000; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    Entry entry = Entries.builder("large", now()).text(text.toString()).build();
    store(entry);

    assertThat(fetch("large").equals(Optional.of(entry))).isTrue();
  }

  @Test
  void keepsEveryCharacter() {
    String text = "naïve café – 東京 🦜 \0 \r\n \"\\ \u2028 e\u0301 lone \ud83e half";
    Entry entry =
        Entries.builder("unicode", now())
            .question(new Question.Semantic(Entries.fingerprint("f"), text))
            .answer(
                new Answer(
                    text,
                    "{" + text + "}",
                    Completion.COMPLETE,
                    new TokenUsage.Unknown(),
                    Set.of(new Document(text, text))))
            .tags(Tag.of(text))
            .build();
    store(entry);

    assertThat(fetch("unicode")).contains(entry);
  }

  @ParameterizedTest
  @EnumSource(Completion.class)
  void keepsEveryCompletionWithAndWithoutUsage(Completion completion) {
    Entry known =
        Entries.builder("known", now())
            .answer(
                new Answer("t", "p", completion, new TokenUsage.Known(0, Long.MAX_VALUE), Set.of()))
            .build();
    Entry unknown =
        Entries.builder("unknown", now())
            .answer(new Answer("", "", completion, new TokenUsage.Unknown(), Set.of()))
            .question(new Question.ExactOnly("it ends with an image"))
            .build();
    store(known);
    store(unknown);

    assertThat(fetch("known")).contains(known);
    assertThat(fetch("unknown")).contains(unknown);
  }

  @Test
  void keepsARandomEntryAsItWas() {
    Random random = new Random(20260102);
    for (int i = 0; i < 300; i++) {
      Entry entry = Entries.random(random, now());
      tier.store(entry);
      settle();
      Optional<Entry> fetched = tier.fetch(entry.key()).map(ExactTier.Fetched::entry);
      // A life of nanoseconds may end while a server counts in milliseconds.
      if (entry.remaining(now()).compareTo(Duration.ofMinutes(1)) > 0) {
        assertThat(fetched).contains(entry);
      }
    }
  }

  /** Threads store, fetch, remove and invalidate the same few keys; answers must fit their keys. */
  @Test
  void manyThreadsAtOnceNeverSeeAnotherKeysAnswer() throws Exception {
    Tag tag = Tag.of("shared");
    assertThat(new ConcurrentUse(tier, clock).onSharedKeys(8, tag)).as("entries seen").isPositive();
    settle();
    invalidate(tag);
    for (int i = 0; i < ConcurrentUse.KEYS; i++) {
      assertThat(fetch(ConcurrentUse.shared(i)))
          .as("what was stored with the tag, last of all")
          .isEmpty();
    }
  }

  /** The clock runs while threads fetch: what they get was alive when they asked. */
  @Test
  void neverReturnsAnExpiredEntryWhileTheClockRuns() throws Exception {
    new ConcurrentUse(tier, clock).whileTheClockRuns(4);
  }

  @Test
  void aScanShowsEveryLiveEntryAndNoOther() {
    List<Entry> alive = new ArrayList<>();
    for (int i = 0; i < 1_300; i++) {
      Entry entry = Entries.builder("scanned" + i, now()).tags(Tag.of("t" + i % 3)).build();
      alive.add(entry);
      tier.store(entry);
    }
    tier.store(Entries.builder("short", now()).life(Duration.ofMinutes(1)).build());
    tier.store(Entries.entry("removed", now()));
    settle();
    tier.remove(Entries.key("removed"));
    clock.advance(Duration.ofMinutes(1));
    settle();

    List<Entry> shown = new ArrayList<>();
    assertThat(tier.scan(shown::add)).isEqualTo(Scan.COMPLETE);

    assertThat(shown).containsExactlyInAnyOrderElementsOf(alive);
  }

  @Test
  void aScanOfNothingIsComplete() {
    assertThat(tier.scan(entry -> false)).isEqualTo(Scan.COMPLETE);
  }

  @Test
  void aScanStopsWhenItIsTold() {
    for (int i = 0; i < 100; i++) {
      tier.store(Entries.entry("scanned" + i, now()));
    }
    settle();

    List<Entry> shown = new ArrayList<>();
    assertThat(
            tier.scan(
                entry -> {
                  shown.add(entry);
                  return shown.size() < 10;
                }))
        .isEqualTo(Scan.STOPPED);
    assertThat(shown).hasSize(10);
  }

  @Test
  void whatAScanShowsMayBeRemovedOnTheWay() {
    for (int i = 0; i < 100; i++) {
      tier.store(Entries.entry("scanned" + i, now()));
    }
    settle();

    assertThat(tier.scan(entry -> tier.remove(entry.key()))).isEqualTo(Scan.COMPLETE);

    settle();
    assertThat(tier.scan(entry -> false)).isEqualTo(Scan.COMPLETE);
  }

  @Test
  void whatTheVisitorOfAScanThrowsReachesTheCaller() {
    store(Entries.entry("a", now()));

    assertThatThrownBy(
            () ->
                tier.scan(
                    entry -> {
                      throw new IllegalStateException("no room");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no room");
  }

  @Test
  void closesTwice() {
    store(Entries.entry("a", now()));
    tier.close();
    tier.close();
  }

  @Test
  void hasANameThatCanStandInACounter() {
    assertThat(tier.name()).matches("[a-z0-9+-]+");
  }

  /** Returns where the clock stands. */
  protected final Instant now() {
    return clock.now();
  }

  /** Stores, and waits until it can be read. */
  protected final void store(Entry entry) {
    tier.store(entry);
    settle();
  }

  /** Fetches the entry under {@link Entries#key}{@code (name)}. */
  protected final Optional<Entry> fetch(String name) {
    return tier.fetch(Entries.key(name)).map(ExactTier.Fetched::entry);
  }

  /** Invalidates, and waits until it can be seen. */
  protected final long invalidate(Tag tag) {
    long count = tier.invalidate(tag);
    settle();
    return count;
  }
}
