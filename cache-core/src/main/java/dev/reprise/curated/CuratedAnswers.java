package dev.reprise.curated;

import dev.reprise.curated.CuratedRecords.AliasChange;
import dev.reprise.curated.CuratedRecords.ProposalChange;
import dev.reprise.model.CacheException;
import dev.reprise.model.Scope;
import dev.reprise.model.internal.Checks;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SharedLog;
import dev.reprise.tier.SharedLog.Topic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The curated answers of all processes that share an exact tier: versions of the set, approved
 * wordings and proposals. They are never evicted and never expire. A tier that keeps a log (Redis,
 * a data directory) keeps them over restarts; otherwise they last as long as the process.
 *
 * <p>A change is written to the log first and takes effect here at once; every other process reads
 * it within a second. Two processes may write at the same time. The content decides what counts
 * (version, then time), so that all come to the same state.
 *
 * <p>{@code CacheEngine.curated()} returns those of an engine. Safe for use by several threads.
 */
public final class CuratedAnswers {
  /** How many versions of the set are kept for {@link #rollBack}: {@value}. */
  public static final int MOST_VERSIONS = 20;

  /** How many proposals wait at most: {@value}. Further ones are not taken. */
  public static final int MOST_PROPOSALS = 1_000;

  /** How many wordings can be approved at most: {@value}. Import them then. */
  public static final int MOST_ALIASES = 5_000;

  private static final int MOST_NOTE = 200;

  private static final Logger LOG = LoggerFactory.getLogger(CuratedAnswers.class);

  private final InstantSource clock;
  private final Map<String, CuratedEntry> own = new LinkedHashMap<>();
  private final @Nullable SharedLog setLog;
  private final @Nullable SharedLog aliasLog;
  private final @Nullable SharedLog proposalLog;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final CuratedVersions versions = new CuratedVersions(MOST_VERSIONS);
  private final Decisions<AliasName, AliasChange> aliases = new Decisions<>(2 * MOST_ALIASES);
  private final Decisions<String, ProposalChange> proposals = new Decisions<>(5 * MOST_PROPOSALS);

  /** Changes are made one after another, since each depends on the one before. */
  private final Object changing = new Object();

  private volatile boolean isLost;

  private record AliasName(String entry, String text, Optional<Scope> scope) {
    static AliasName of(CuratedAlias alias) {
      return new AliasName(alias.entry(), alias.text(), alias.scope());
    }
  }

  private CuratedAnswers(
      Function<Topic, Optional<SharedLog>> logs, InstantSource clock, List<CuratedEntry> own) {
    this.clock = clock;
    CuratedSet.checked(own).forEach(entry -> this.own.put(entry.id(), entry));
    this.setLog = logs.apply(Topic.CURATED).orElse(null);
    this.aliasLog = logs.apply(Topic.CURATED_ALIASES).orElse(null);
    this.proposalLog = logs.apply(Topic.CURATED_PROPOSALS).orElse(null);
  }

  /**
   * Returns the curated answers that {@code tier} keeps, and follows them.
   *
   * @param clock tells when a change was made
   * @param own the application's own entries, which are served beside the imported ones
   * @throws IllegalArgumentException if there are too many, or two have the same identifier
   */
  public static CuratedAnswers on(ExactTier tier, InstantSource clock, List<CuratedEntry> own) {
    Objects.requireNonNull(tier, "tier");
    Objects.requireNonNull(clock, "clock");
    CuratedAnswers answers = new CuratedAnswers(tier::sharedLog, clock, own);
    answers.follow(answers.setLog, record -> answers.take(CuratedRecords.set(record)));
    answers.follow(answers.aliasLog, record -> answers.take(CuratedRecords.alias(record)));
    answers.follow(answers.proposalLog, record -> answers.take(CuratedRecords.proposal(record)));
    return answers;
  }

  private void follow(@Nullable SharedLog log, Consumer<String> taker) {
    if (log != null) {
      log.follow(
          new SharedLog.Reader() {
            @Override
            public void read(String record, SharedLog.Writer writer) {
              try {
                taker.accept(record);
              } catch (RuntimeException e) {
                LOG.warn("A record of the curated answers cannot be used; it is left out", e);
              }
            }

            @Override
            public void lost() {
              isLost = true;
            }
          });
    }
  }

  /** Runs {@code task} after each change, on the thread that made or read it. */
  public void onChange(Runnable task) {
    listeners.add(Objects.requireNonNull(task, "task"));
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }

  /**
   * Returns the entries that are served: the imported ones, and the application's own. Of two with
   * the same identifier the imported one counts.
   */
  public List<CuratedEntry> entries() {
    CuratedSet set = current();
    List<CuratedEntry> all = new ArrayList<>(set.entries());
    own.values().stream().filter(entry -> set.entry(entry.id()).isEmpty()).forEach(all::add);
    return List.copyOf(all);
  }

  /** Returns the entry that is served under that identifier. */
  public Optional<CuratedEntry> entry(String id) {
    return current().entry(id).or(() -> Optional.ofNullable(own.get(id)));
  }

  // --- versions ---------------------------------------------------------------------------------

  /** Returns the set that is served now. */
  public CuratedSet current() {
    return versions.current();
  }

  /** Returns the versions that are kept, the current one first. */
  public List<CuratedSet> versions() {
    return versions.all();
  }

  /**
   * Replaces the set as a whole.
   *
   * @param by who does so; may be empty
   * @param note why; may be empty
   * @return the new version; the current one if it has these entries already
   * @throws IllegalArgumentException if there are too many entries, or two have the same identifier
   * @throws CacheException if the log did not take it; nothing is changed then
   */
  public CuratedSet replace(List<CuratedEntry> entries, String by, String note) {
    synchronized (changing) {
      CuratedSet before = current();
      if (before.entries().equals(entries)) {
        return before;
      }
      CuratedSet next =
          new CuratedSet(
              before.version() + 1, clock.instant(), shortened(by), shortened(note), entries);
      append(setLog, CuratedRecords.write(next));
      take(next);
      return next;
    }
  }

  /**
   * Adds entries. An entry with the identifier of an existing one replaces that one.
   *
   * @return as {@link #replace}
   * @throws IllegalArgumentException if there are too many entries, or two have the same identifier
   * @throws CacheException if the log did not take it; nothing is changed then
   */
  public CuratedSet add(List<CuratedEntry> entries, String by, String note) {
    synchronized (changing) {
      Map<String, CuratedEntry> all = new LinkedHashMap<>();
      current().entries().forEach(entry -> all.put(entry.id(), entry));
      Map<String, CuratedEntry> added = new LinkedHashMap<>();
      for (CuratedEntry entry : entries) {
        if (added.put(entry.id(), entry) != null) {
          throw new IllegalArgumentException("two curated entries have the id " + entry.id());
        }
      }
      all.putAll(added);
      return replace(List.copyOf(all.values()), by, note);
    }
  }

  /**
   * Removes an entry.
   *
   * @return false if there is none with that identifier
   * @throws CacheException if the log did not take it; nothing is changed then
   */
  public boolean remove(String id, String by) {
    synchronized (changing) {
      CuratedSet before = current();
      if (before.entry(id).isEmpty()) {
        return false;
      }
      List<CuratedEntry> rest = new ArrayList<>(before.entries());
      rest.removeIf(entry -> entry.id().equals(id));
      replace(rest, by, "without " + id);
      return true;
    }
  }

  /**
   * Makes a new version with the entries of an earlier one.
   *
   * @return the new version; the current one if it has these entries already
   * @throws IllegalArgumentException if that version is not kept
   * @throws CacheException if the log did not take it; nothing is changed then
   */
  public CuratedSet rollBack(long version, String by) {
    synchronized (changing) {
      CuratedSet earlier =
          versions().stream()
              .filter(set -> set.version() == version)
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "version "
                              + version
                              + " of the curated answers is not kept; there are "
                              + versions().stream().map(CuratedSet::version).toList()));
      return replace(earlier.entries(), by, "roll back to version " + version);
    }
  }

  private void take(CuratedSet set) {
    if (versions.take(set)) {
      changed();
    }
  }

  // --- wordings ---------------------------------------------------------------------------------

  /** Returns the wordings that were approved for entries that are served, oldest first. */
  public List<CuratedAlias> aliases() {
    return aliases.all().stream()
        .filter(AliasChange::isApproved)
        .map(AliasChange::alias)
        .filter(alias -> entry(alias.entry()).isPresent())
        .toList();
  }

  /**
   * Approves another wording of an entry's question.
   *
   * @param scope the scope in which it counts; empty for all scopes of the entry
   * @return false if it is one already
   * @throws IllegalArgumentException if there is no such entry, or the text is blank or too long
   * @throws CacheException if the log did not take it, or there are {@value #MOST_ALIASES}
   */
  public boolean approveAlias(String entry, String text, Optional<Scope> scope, String by) {
    Checks.notBlank("alias", text);
    Checks.inRange("length of alias", text.length(), 1, CuratedEntry.LONGEST_QUESTION);
    synchronized (changing) {
      CuratedEntry known = required(entry);
      boolean isThere =
          known.question().equals(text)
              || known.aliases().contains(text)
              || isApproved(new AliasName(entry, text, Optional.empty()))
              || isApproved(new AliasName(entry, text, scope));
      if (isThere) {
        return false;
      }
      if (aliases().size() >= MOST_ALIASES) {
        throw new CacheException(
            MOST_ALIASES
                + " wordings were approved already; export the curated answers, which writes them"
                + " into their entries, and import that");
      }
      change(new AliasChange(alias(entry, text, scope, by), true));
      return true;
    }
  }

  /**
   * Takes back the approval of a wording, in every scope.
   *
   * @return false if it was not approved
   * @throws CacheException if the log did not take it
   */
  public boolean removeAlias(String entry, String text, String by) {
    synchronized (changing) {
      List<CuratedAlias> found =
          aliases().stream()
              .filter(alias -> alias.entry().equals(entry) && alias.text().equals(text))
              .toList();
      for (CuratedAlias alias : found) {
        change(new AliasChange(alias(entry, text, alias.scope(), by), false));
      }
      return !found.isEmpty();
    }
  }

  /**
   * Returns a change that counts more than what is known, however the clocks of two machines go.
   */
  private CuratedAlias alias(String entry, String text, Optional<Scope> scope, String by) {
    AliasChange known = aliases.get(new AliasName(entry, text, scope));
    Instant now = clock.instant();
    Instant at =
        known == null || now.isAfter(known.alias().approvedAt())
            ? now
            : known.alias().approvedAt().plusMillis(1);
    return new CuratedAlias(entry, text, scope, shortened(by), at);
  }

  private boolean isApproved(AliasName name) {
    AliasChange known = aliases.get(name);
    return known != null && known.isApproved();
  }

  private CuratedEntry required(String id) {
    return entry(id)
        .orElseThrow(() -> new IllegalArgumentException("there is no curated entry " + id));
  }

  private void change(AliasChange change) {
    append(aliasLog, CuratedRecords.write(change));
    take(change);
  }

  private void take(AliasChange change) {
    AliasName name = AliasName.of(change.alias());
    AliasChange known = aliases.get(name);
    Instant at = change.alias().approvedAt();
    if (known == null || !at.isBefore(known.alias().approvedAt())) {
      aliases.put(name, change);
      if (known == null || known.isApproved() != change.isApproved()) {
        changed();
      }
    }
  }

  // --- proposals --------------------------------------------------------------------------------

  /** Returns the proposals that wait for an administrator, oldest first. */
  public List<CuratedProposal> proposals() {
    return proposals.all().stream()
        .filter(ProposalChange::isOpen)
        .map(ProposalChange::proposal)
        .filter(proposal -> entry(proposal.entry()).isPresent())
        .toList();
  }

  /** Returns whether a proposal was made before, or can never be made: its question is too long. */
  public boolean isKnown(CuratedProposal proposal) {
    return proposals.get(proposal.id()) != null
        || proposal.question().length() > CuratedEntry.LONGEST_QUESTION;
  }

  /**
   * Proposes a question for an entry.
   *
   * @return false if it is known already, or too many proposals wait
   * @throws CacheException if the log did not take it
   */
  public boolean propose(CuratedProposal proposal) {
    synchronized (changing) {
      if (isKnown(proposal)
          || entry(proposal.entry()).isEmpty()
          || proposals().size() >= MOST_PROPOSALS) {
        return false;
      }
      change(new ProposalChange(proposal, true));
      return true;
    }
  }

  /**
   * Makes the question of a proposal another wording of its entry, in all scopes of the entry.
   *
   * @param id {@link CuratedProposal#id}
   * @return false if there is no such proposal
   * @throws CacheException if the log did not take it
   */
  public boolean approve(String id, String by) {
    synchronized (changing) {
      Optional<CuratedProposal> open = open(id);
      open.ifPresent(
          proposal -> {
            approveAlias(proposal.entry(), proposal.question(), Optional.empty(), by);
            change(new ProposalChange(proposal, false));
          });
      return open.isPresent();
    }
  }

  /**
   * Rejects a proposal. The same question is not proposed for the entry again.
   *
   * @param id {@link CuratedProposal#id}
   * @return false if there is no such proposal
   * @throws CacheException if the log did not take it
   */
  public boolean reject(String id) {
    synchronized (changing) {
      Optional<CuratedProposal> open = open(id);
      open.ifPresent(proposal -> change(new ProposalChange(proposal, false)));
      return open.isPresent();
    }
  }

  /**
   * Makes the question of a proposal another wording of its entry, in the scope in which it was
   * asked only: nobody has reviewed it.
   *
   * @return false if it is known already
   * @throws CacheException if the log did not take it
   */
  public boolean adopt(CuratedProposal proposal) {
    synchronized (changing) {
      if (isKnown(proposal) || entry(proposal.entry()).isEmpty()) {
        return false;
      }
      boolean isNew =
          approveAlias(
              proposal.entry(),
              proposal.question(),
              Optional.of(proposal.scope()),
              CuratedAlias.JUDGE);
      change(new ProposalChange(proposal, false));
      return isNew;
    }
  }

  private Optional<CuratedProposal> open(String id) {
    return proposals().stream().filter(proposal -> proposal.id().equals(id)).findFirst();
  }

  private void change(ProposalChange change) {
    append(proposalLog, CuratedRecords.write(change));
    take(change);
  }

  private void take(ProposalChange change) {
    String id = change.proposal().id();
    ProposalChange known = proposals.get(id);
    // What was decided stays decided.
    if (known == null || known.isOpen()) {
      proposals.put(id, change);
    }
  }

  // --- the log ----------------------------------------------------------------------------------

  private static void append(@Nullable SharedLog log, String record) {
    if (log != null) {
      log.append(record);
    }
  }

  /**
   * Writes what the log has lost to it again. The engine calls it from time to time.
   *
   * @throws CacheException if the log did not take it; it is tried again
   */
  public void settle() {
    if (!isLost) {
      return;
    }
    synchronized (changing) {
      isLost = false;
      try {
        List<CuratedSet> kept = versions();
        for (int i = kept.size() - 1; i >= 0; i--) {
          append(setLog, CuratedRecords.write(kept.get(i)));
        }
        aliases.all().forEach(change -> append(aliasLog, CuratedRecords.write(change)));
        proposals.all().forEach(change -> append(proposalLog, CuratedRecords.write(change)));
      } catch (RuntimeException e) {
        isLost = true;
        throw e;
      }
    }
  }

  private static String shortened(String text) {
    return text.length() <= MOST_NOTE ? text : text.substring(0, MOST_NOTE);
  }
}
