package dev.reprise.embedded;

import dev.reprise.embed.Embedder;
import dev.reprise.engine.CacheEngine;
import dev.reprise.learn.Learning;
import dev.reprise.learn.LearningStore;
import dev.reprise.model.CacheException;
import dev.reprise.model.internal.Checks;
import dev.reprise.tier.CaffeineExactTier;
import dev.reprise.tier.ExactTier;
import dev.reprise.tier.SemanticTier;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A directory that keeps a cache over a restart: entries, vectors, reports of wrong hits, and the
 * matcher's learned state. An entry is in the file when storing it returns, so it survives a crash
 * of the process. {@link EmbeddedCache#builder(Path)} builds an engine on a directory.
 *
 * <p>One process uses a directory at a time. Answers are stored as plain text, not encrypted. A
 * directory that this class creates is readable by its owner only.
 *
 * <p>A power failure may lose the answers of the last seconds. The file stays intact.
 */
public final class DataDirectory implements AutoCloseable {
  /** The default of {@link Builder#maximumBytes}: {@value} (4 GiB). */
  public static final long DEFAULT_MAXIMUM_BYTES = 4L * 1024 * 1024 * 1024;

  /** The smallest {@link Builder#maximumBytes}: {@value} (1 MiB). */
  public static final long SMALLEST_MAXIMUM_BYTES = 1024L * 1024;

  private static final String DATABASE = "reprise.db";
  private static final String GRAPHS = "reprise.graphs";
  private static final String LOCK = "reprise.lock";
  private static final String LEARNED = "learned.json";
  private static final String PENDING_REMOVALS = "pending-removals";
  private static final Duration LONGEST_NEAR_STAY = Duration.ofDays(1);

  private final Path directory;
  private final InstantSource clock;
  private final FileChannel lock;
  private final StoreFile file;
  private final DirectoryExactTier exact;

  /** How many of its tiers are open; the last one that is closed closes the directory. */
  private final AtomicInteger open = new AtomicInteger(1);

  private DataDirectory(Builder builder) {
    directory = builder.directory;
    clock = builder.clock;
    lock = lock(directory);
    try {
      file = StoreFile.open(directory.resolve(DATABASE));
    } catch (RuntimeException e) {
      release(lock, e);
      throw e;
    }
    exact = new DirectoryExactTier(file, builder.maximumBytes, clock, this::leave);
  }

  /** Returns a builder with every default. The directory is created where there is none. */
  public static Builder builder(Path directory) {
    return new Builder(directory);
  }

  /**
   * Opens a directory with every default: see {@link Builder#open}.
   *
   * @throws CacheException as {@link Builder#open} does
   */
  public static DataDirectory open(Path directory) {
    return builder(directory).open();
  }

  private static FileChannel lock(Path directory) {
    FileChannel channel = null;
    try {
      create(directory);
      channel =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it already.
    } catch (IOException e) {
      CacheException refused =
          new CacheException(
              "cannot use the data directory " + directory + ": " + e.getMessage(), e);
      release(channel, refused);
      throw refused;
    }
    CacheException refused =
        new CacheException(
            "the data directory "
                + directory
                + " is in use by another process or engine: close that one, or name another"
                + " directory");
    release(channel, refused);
    throw refused;
  }

  /** Creates the directory for its owner only, where there is none and the file system can. */
  private static void create(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().getParent();
    if (Files.exists(directory) || parent == null) {
      return;
    }
    Files.createDirectories(parent);
    if (parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  private static void release(@Nullable FileChannel channel, Exception cause) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Returns the path of the directory. */
  public Path path() {
    return directory;
  }

  /**
   * Returns the tier that holds the entries. Closing it closes the directory with the last tier.
   */
  public ExactTier exactTier() {
    return exact;
  }

  /**
   * Returns a tier that searches in memory and stores its rows in this directory. {@link
   * SemanticTier#ensureReady} loads them. A graph over many rows is then read or built in the
   * background; until it is ready, a search compares all rows. Call this method once.
   *
   * @param index empty, for vectors of {@code embedder}; the tier closes it
   * @param embedder the embedder of the rows; rows of another one are not loaded
   */
  public SemanticTier semanticTier(HnswSemanticTier index, Embedder embedder) {
    return semanticTier(
        Objects.requireNonNull(index, "index"), Objects.requireNonNull(embedder, "embedder").id());
  }

  SemanticTier semanticTier(HnswSemanticTier index, String embedder) {
    open.incrementAndGet();
    GraphFile graphs = new GraphFile(directory.resolve(GRAPHS), embedder);
    return new DirectorySemanticTier(file, exact, index, graphs, embedder, clock, this::leave);
  }

  /** Returns the store for the matcher's learned state. */
  public LearningStore learningStore() {
    return LearningStore.file(directory.resolve(LEARNED));
  }

  /**
   * Sets the exact tier of {@code engine}, with a near tier in memory, its learning store, and its
   * file for pending removals. Closing the engine closes the directory.
   *
   * @return {@code engine}
   */
  public CacheEngine.Builder configure(CacheEngine.Builder engine) {
    return Objects.requireNonNull(engine, "engine")
        .exactTiers(CaffeineExactTier.builder().clock(clock).build(), exact)
        // No other process removes anything behind the copies in memory.
        .maximumNearStay(LONGEST_NEAR_STAY)
        .learning(Learning.fromFeedbackOnly().withStore(learningStore()))
        .pendingRemovals(directory.resolve(PENDING_REMOVALS));
  }

  private void leave() {
    if (open.decrementAndGet() == 0) {
      close();
    }
  }

  /** Closes the file and lets another process have the directory. Its tiers are of no use then. */
  @Override
  public void close() {
    try {
      file.close();
    } finally {
      unlock();
    }
  }

  private void unlock() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new CacheException("cannot release " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Builds {@link DataDirectory}s. Not safe for use by several threads. */
  public static final class Builder {
    private final Path directory;
    private long maximumBytes = DEFAULT_MAXIMUM_BYTES;
    private InstantSource clock = InstantSource.system();

    private Builder(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
    }

    /**
     * Sets the size limit of the directory. Beyond it the oldest entries are deleted. The limit is
     * checked now and then, so the file may become somewhat larger. Default: {@value
     * DataDirectory#DEFAULT_MAXIMUM_BYTES}.
     *
     * @param maximumBytes {@value DataDirectory#SMALLEST_MAXIMUM_BYTES} or more
     * @throws IllegalArgumentException if it is out of range
     */
    public Builder maximumBytes(long maximumBytes) {
      this.maximumBytes =
          Checks.inRange("maximumBytes", maximumBytes, SMALLEST_MAXIMUM_BYTES, Long.MAX_VALUE);
      return this;
    }

    /** Sets the clock by which entries expire. Default: the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Opens the directory.
     *
     * @throws CacheException if another process or engine uses the directory, if another version of
     *     Reprise wrote it, or if it cannot be read or written; the message names the remedy
     */
    public DataDirectory open() {
      return new DataDirectory(this);
    }
  }
}
