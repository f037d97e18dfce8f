package dev.reprise.milvus;

import dev.reprise.embed.Embedder;
import dev.reprise.embed.Vector;
import dev.reprise.key.ExactKey;
import dev.reprise.key.Fingerprint;
import dev.reprise.model.internal.Checks;
import dev.reprise.tier.DeadlineOwner;
import dev.reprise.tier.Neighbour;
import dev.reprise.tier.SemanticRow;
import dev.reprise.tier.SemanticTier;
import dev.reprise.tier.TierException;
import io.milvus.v2.common.ConsistencyLevel;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A semantic tier in a Milvus collection, with an HNSW index over cosine. Safe for use by several
 * threads and processes.
 *
 * <p>{@link #ensureReady()} connects, and creates or checks the collection. Nothing before it does
 * I/O. A search never waits longer than {@link Builder#deadline}; without a connection it fails at
 * once. The tier reconnects by itself, and recreates a dropped collection.
 *
 * <p>A stored row is found a moment later, not at once: see {@link Consistency}.
 */
public final class MilvusSemanticTier implements SemanticTier {
  /** What events and counters call it: {@value}. */
  public static final String NAME = "milvus";

  /** The default of {@link Builder#collection}: {@value}. */
  public static final String DEFAULT_COLLECTION = "reprise";

  /** The default of {@link Builder#m}: {@value}. */
  public static final int DEFAULT_M = 16;

  /** The default of {@link Builder#efConstruction}: {@value}. */
  public static final int DEFAULT_EF_CONSTRUCTION = 200;

  /** The default of {@link Builder#ef}: {@value}. */
  public static final int DEFAULT_EF = 128;

  /** The default of {@link Builder#consistency}: {@link Consistency#EVENTUALLY}. */
  public static final Consistency DEFAULT_CONSISTENCY = Consistency.EVENTUALLY;

  /** The default of {@link Builder#deadline}: 50 milliseconds. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMillis(50);

  /** The default of {@link Builder#writeDeadline}: 5 seconds. */
  public static final Duration DEFAULT_WRITE_DEADLINE = Duration.ofSeconds(5);

  /** The default of {@link Builder#connectDeadline}: 5 seconds. */
  public static final Duration DEFAULT_CONNECT_DEADLINE = Duration.ofSeconds(5);

  private static final int LARGEST_LIMIT = 100;
  private static final Duration SHORTEST_DEADLINE = Duration.ofMillis(1);
  private static final Duration LONGEST_DEADLINE = Duration.ofMinutes(1);

  private final Options options;
  private final RowCollection current;
  private final Optional<PreviousRows> previous;

  private MilvusSemanticTier(Options options) {
    this.options = options;
    current = new RowCollection(options);
    previous =
        options.previousCollection().isEmpty()
            ? Optional.empty()
            : Optional.of(new PreviousRows(new RowCollection(options.previous())));
  }

  /** How fresh the rows that a search sees must be. STRONG is not offered: it takes 200 ms. */
  public enum Consistency {
    /** The rows that the server has loaded. A search never waits for a write. */
    EVENTUALLY(ConsistencyLevel.EVENTUALLY),
    /** No older than the server's grace time. A search waits if the server lags behind more. */
    BOUNDED(ConsistencyLevel.BOUNDED),
    /** With all that this process wrote. The search after a write waits for it. */
    SESSION(ConsistencyLevel.SESSION);

    private final ConsistencyLevel level;

    Consistency(ConsistencyLevel level) {
      this.level = level;
    }

    ConsistencyLevel level() {
      return level;
    }
  }

  /**
   * Starts a tier for the vectors of {@code embedder}.
   *
   * @param uri {@code http://host:port}, or {@code https://host:port} for TLS
   * @throws IllegalArgumentException if {@code uri} is not of that form
   */
  public static Builder builder(String uri, Embedder embedder) {
    Objects.requireNonNull(embedder, "embedder");
    return builder(uri, embedder.id(), embedder.dimension());
  }

  /**
   * Starts a tier for the vectors of the embedder of that name.
   *
   * @param uri {@code http://host:port}, or {@code https://host:port} for TLS
   * @param embedderId what names the embedder, 1 to 512 printable characters
   * @param dimension the vectors' dimension, 1 to 32768
   * @throws IllegalArgumentException if an argument is not of that form
   */
  public static Builder builder(String uri, String embedderId, int dimension) {
    return new Builder(uri, embedderId, dimension);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Returns {@link DeadlineOwner#TIER}: every call ends by its own deadline. */
  @Override
  public DeadlineOwner deadlineOwner() {
    return DeadlineOwner.TIER;
  }

  @Override
  public OptionalInt dimension() {
    return OptionalInt.of(options.index().dimension());
  }

  /**
   * Connects, creates the collection and its indexes if they are not there, loads it, and checks
   * that it was made for the same embedder, dimension, metric and kind of index. May be repeated,
   * and done by several processes at once. Its {@code m} and {@code efConstruction} are those it
   * was created with.
   */
  @Override
  public void ensureReady() {
    current.prepare();
    previous.ifPresent(PreviousRows::prepare);
  }

  @Override
  public void store(SemanticRow row) {
    storeAll(List.of(row));
  }

  /**
   * Stores many rows in one request, as {@link #store} does each. Much quicker than one at a time,
   * for filling a cache from a file.
   *
   * @param rows at most as many as the server takes in one request: 64 MiB by Milvus' default,
   *     which some 5,000 rows of 384 dimensions stay below
   */
  public void storeAll(List<SemanticRow> rows) {
    Instant now = options.clock().instant();
    rows.forEach(row -> checkDimension(row.vector()));
    current.storeAll(rows.stream().filter(row -> row.expiresAt().isAfter(now)).toList());
  }

  @Override
  public List<Neighbour> search(Fingerprint fingerprint, Vector query, int limit) {
    Checks.inRange("limit", limit, 1, LARGEST_LIMIT);
    checkDimension(query);
    List<Neighbour> nearest = current.search(fingerprint, query, limit);
    return previous.isEmpty() ? nearest : previous.get().with(nearest, fingerprint, query, limit);
  }

  @Override
  public void remove(ExactKey pointer) {
    delete("remove", Filters.pointer(pointer));
  }

  @Override
  public void sweep() {
    Instant now = options.clock().instant();
    delete("sweep", Filters.expired(now));
  }

  private void delete(String action, String filter) {
    current.delete(action, filter);
    previous.ifPresent(old -> old.delete(action, filter));
  }

  private void checkDimension(Vector vector) {
    if (vector.dimension() != options.index().dimension()) {
      throw new TierException(
          NAME,
          "a vector of dimension "
              + vector.dimension()
              + " for a collection of dimension "
              + options.index().dimension());
    }
  }

  /** Closes the connections. The rows stay on the server. */
  @Override
  public void close() {
    previous.ifPresent(PreviousRows::close);
    current.close();
  }

  @Override
  public String toString() {
    return options.toString();
  }

  /** Collects what a tier is made of. Each method fails if its value is out of range. */
  public static final class Builder {
    private static final Pattern NAME_FORM = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
    private static final int LONGEST_EMBEDDER_ID = 512;

    private final String uri;
    private final String embedderId;
    private final int dimension;
    private String token = "";
    private String user = "";
    private String password = "";
    private String database = "";
    private String collection = DEFAULT_COLLECTION;
    private int m = DEFAULT_M;
    private int efConstruction = DEFAULT_EF_CONSTRUCTION;
    private int ef = DEFAULT_EF;
    private Consistency consistency = DEFAULT_CONSISTENCY;
    private Duration deadline = DEFAULT_DEADLINE;
    private Duration writeDeadline = DEFAULT_WRITE_DEADLINE;
    private Duration connectDeadline = DEFAULT_CONNECT_DEADLINE;
    private InstantSource clock = InstantSource.system();
    private MilvusStorage storage = MilvusStorage.builder().build();
    private String previousCollection = "";

    private Builder(String uri, String embedderId, int dimension) {
      this.uri = checkedUri(uri);
      Checks.notBlank("embedderId", Objects.requireNonNull(embedderId, "embedderId"));
      Checks.inRange("length of embedderId", embedderId.length(), 1, LONGEST_EMBEDDER_ID);
      if (embedderId.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("embedderId must have no control characters");
      }
      this.embedderId = embedderId;
      this.dimension = Checks.inRange("dimension", dimension, 1, 32_768);
    }

    private static String checkedUri(String uri) {
      Objects.requireNonNull(uri, "uri");
      // What holds an @ may hold a password.
      if (!uri.contains("://") && !uri.contains("@")) {
        throw new IllegalArgumentException(
            "uri is "
                + uri
                + ", which has no scheme; did you mean http://"
                + uri
                + "? "
                + uriForm());
      }
      URI parsed;
      try {
        parsed = URI.create(uri);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(uriForm(), e);
      }
      // The value stays out of the message where it may hold a password.
      if (parsed.getUserInfo() != null) {
        throw new IllegalArgumentException(
            "uri must not hold a user; use credentials(user, password) or token(token)");
      }
      boolean http = "http".equals(parsed.getScheme()) || "https".equals(parsed.getScheme());
      boolean bare =
          (parsed.getPath() == null || parsed.getPath().isEmpty() || parsed.getPath().equals("/"))
              && parsed.getQuery() == null
              && parsed.getFragment() == null;
      if (!http || parsed.getHost() == null || parsed.getPort() < 1 || !bare) {
        throw new IllegalArgumentException("uri is " + uri + "; " + uriForm());
      }
      return uri;
    }

    private static String uriForm() {
      return "uri must be http://host:port, or https://host:port for TLS, with port from 1 to"
          + " 65535";
    }

    /**
     * Sets the server's token. Default: none. Excludes {@link #credentials}.
     *
     * @param token not blank
     */
    public Builder token(String token) {
      this.token = Checks.notBlank("token", token);
      return this;
    }

    /**
     * Sets the server's user and password. Default: none. Excludes {@link #token}.
     *
     * @param user not blank
     * @param password not blank
     */
    public Builder credentials(String user, String password) {
      this.user = Checks.notBlank("user", user);
      this.password = Checks.notBlank("password", password);
      return this;
    }

    /**
     * Sets the database that the collection is in; it must exist. Default: the server's default
     * one.
     *
     * @param database a letter or underscore, then letters, digits and underscores, at most 255
     */
    public Builder database(String database) {
      this.database = checkedName("database", database);
      return this;
    }

    /**
     * Sets the collection. Default: {@value #DEFAULT_COLLECTION}.
     *
     * @param collection a letter or underscore, then letters, digits and underscores, at most 255
     */
    public Builder collection(String collection) {
      this.collection = checkedName("collection", collection);
      return this;
    }

    /**
     * Sets how the collection is stored: index, partitions, memory, time to live. Default: an HNSW
     * index, see {@link MilvusStorage}.
     */
    public Builder storage(MilvusStorage storage) {
      this.storage = Objects.requireNonNull(storage, "storage");
      return this;
    }

    /**
     * Sets the previous collection, of the same embedder. It is searched after the current one and
     * never written. Leave it out once its rows have expired. Default: none.
     *
     * @param collection a letter or underscore, then letters, digits and underscores, at most 255
     */
    public Builder previousCollection(String collection) {
      this.previousCollection = checkedName("previousCollection", collection);
      return this;
    }

    private static String checkedName(String option, String name) {
      if (!NAME_FORM.matcher(Objects.requireNonNull(name, option)).matches()) {
        throw new IllegalArgumentException(
            option
                + " is "
                + name
                + ", but must be a letter or underscore, then letters, digits and underscores, at"
                + " most 255 in all");
      }
      return name;
    }

    /**
     * Sets the number of links of a node. More links improve recall and take more memory. Applies
     * when the collection is created. Default: {@value #DEFAULT_M}.
     *
     * @param m 2 to 2048
     */
    public Builder m(int m) {
      this.m = Checks.inRange("m", m, 2, 2048);
      return this;
    }

    /**
     * Sets the number of candidates considered when a row is linked in. More candidates improve
     * recall and take more time to build. Applies when the collection is created. Default: {@value
     * #DEFAULT_EF_CONSTRUCTION}.
     *
     * @param efConstruction 8 to 4096
     */
    public Builder efConstruction(int efConstruction) {
      this.efConstruction = Checks.inRange("efConstruction", efConstruction, 8, 4096);
      return this;
    }

    /**
     * Sets the number of candidates that a search considers, at least as many as it returns. More
     * candidates improve recall and take longer. Default: {@value #DEFAULT_EF}.
     *
     * @param ef 1 to 32768
     */
    public Builder ef(int ef) {
      this.ef = Checks.inRange("ef", ef, 1, 32_768);
      return this;
    }

    /**
     * Sets how fresh the rows that a search sees must be. Default: {@link #DEFAULT_CONSISTENCY}.
     */
    public Builder consistency(Consistency consistency) {
      this.consistency = Objects.requireNonNull(consistency, "consistency");
      return this;
    }

    /**
     * Sets how long a search may take. Default: {@link #DEFAULT_DEADLINE}.
     *
     * @param deadline 1 millisecond to 1 minute
     */
    public Builder deadline(Duration deadline) {
      this.deadline = Checks.inRange("deadline", deadline, SHORTEST_DEADLINE, LONGEST_DEADLINE);
      return this;
    }

    /**
     * Sets how long one request to store, remove or sweep may take. Default: {@link
     * #DEFAULT_WRITE_DEADLINE}.
     *
     * @param writeDeadline 1 millisecond to 1 minute
     */
    public Builder writeDeadline(Duration writeDeadline) {
      this.writeDeadline =
          Checks.inRange("writeDeadline", writeDeadline, SHORTEST_DEADLINE, LONGEST_DEADLINE);
      return this;
    }

    /**
     * Sets how long one attempt to connect may take. Default: {@link #DEFAULT_CONNECT_DEADLINE}.
     *
     * @param connectDeadline 1 millisecond to 1 minute
     */
    public Builder connectDeadline(Duration connectDeadline) {
      this.connectDeadline =
          Checks.inRange("connectDeadline", connectDeadline, SHORTEST_DEADLINE, LONGEST_DEADLINE);
      return this;
    }

    /** Sets the clock by which rows expire. Default: the system's. */
    public Builder clock(InstantSource clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    Options options() {
      if (!token.isEmpty() && !user.isEmpty()) {
        throw new IllegalArgumentException("token and credentials exclude each other; set one");
      }
      if (previousCollection.equals(collection)) {
        throw new IllegalArgumentException(
            "previousCollection is " + collection + ", which is the collection itself");
      }
      return new Options(
          new Options.Server(uri, token, user, password, database),
          collection,
          embedderId,
          new Options.Index(dimension, m, efConstruction, ef),
          consistency,
          new Options.Deadlines(deadline, writeDeadline, connectDeadline),
          clock,
          storage,
          previousCollection,
          Options.Use.CURRENT);
    }

    /**
     * Returns the tier. It has done no I/O.
     *
     * @throws IllegalArgumentException if two options exclude each other
     */
    public MilvusSemanticTier build() {
      return new MilvusSemanticTier(options());
    }
  }
}
