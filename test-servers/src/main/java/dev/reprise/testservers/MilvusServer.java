package dev.reprise.testservers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Where a Milvus comes from, in this order:
 *
 * 1. REPRISE_TEST_MILVUS_URI: a running one, whose token, where it asks for one, is REPRISE_TEST_MILVUS_TOKEN ("user:password").
 *    It stands for the flavour "standalone".
 * 2. A Docker daemon, through Testcontainers; the image is REPRISE_TEST_MILVUS_IMAGE.
 * 3. Milvus from PyPI's wheels, in a virtual environment that is made on first use in a cache folder.
 *
 * REPRISE_TEST_MILVUS_FLAVOUR is "standalone" (the default) or "lite", which goes past the first two. Each may be an environment
 * variable or a system property. Nothing skips: where none can be had, the exception says how to mend it.
 */
/**
 * A running Milvus for integration tests. What this class started is stopped, and its data removed,
 * at the end of the JVM at the latest.
 */
public final class MilvusServer implements AutoCloseable {
  /** Names the address of a running Milvus: {@value}. */
  public static final String URI_VARIABLE = "REPRISE_TEST_MILVUS_URI";

  /** Names the token that the server at {@link #URI_VARIABLE} asks for: {@value}. */
  public static final String TOKEN_VARIABLE = "REPRISE_TEST_MILVUS_TOKEN";

  /** Names the image that Docker runs: {@value}. */
  public static final String IMAGE_VARIABLE = "REPRISE_TEST_MILVUS_IMAGE";

  /** Chooses the flavour, {@code standalone} or {@code lite}: {@value}. */
  public static final String FLAVOUR_VARIABLE = "REPRISE_TEST_MILVUS_FLAVOUR";

  /**
   * The image where {@link #IMAGE_VARIABLE} names none, as pinned in docker/compose.yaml: {@value}.
   */
  public static final String DEFAULT_IMAGE = "milvusdb/milvus:v2.6.16";

  private static @Nullable MilvusServer shared;

  private final Backend backend;

  private MilvusServer(Backend backend) {
    this.backend = backend;
  }

  /** Which Milvus. */
  public enum Flavour {
    /** The whole server as one process, written in Go and C++; its wheel is of version 2.3.5. */
    STANDALONE_2_3,
    /** Milvus Lite: Python, with the newest wire protocol. */
    LITE;

    static Flavour chosen() {
      String name = Settings.find(FLAVOUR_VARIABLE).orElse("standalone");
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "standalone" -> STANDALONE_2_3;
        case "lite" -> LITE;
        default ->
            throw new IllegalArgumentException(
                FLAVOUR_VARIABLE + " is " + name + ", but must be standalone or lite");
      };
    }
  }

  /** A server's process, wherever it runs. */
  interface Backend extends AutoCloseable {
    String uri();

    /** Returns what a client must show, if anything. */
    default Optional<String> token() {
      return Optional.empty();
    }

    String description();

    void kill();

    void restart();

    /** Starts it again without its data. */
    default void restartEmpty() {
      throw new UnsupportedOperationException(description() + " cannot be emptied");
    }

    @Override
    void close();
  }

  /**
   * Returns the server that all tests of this JVM share. Started on first use.
   *
   * @throws TestServerException if none can be had; the message says how to mend it
   */
  public static synchronized MilvusServer shared() {
    MilvusServer server = shared;
    if (server == null) {
      server =
          Settings.find(URI_VARIABLE)
              .filter(uri -> Flavour.chosen() == Flavour.STANDALONE_2_3)
              .map(uri -> announced(new External(uri, Settings.find(TOKEN_VARIABLE))))
              .orElseGet(MilvusServer::startOwn);
      shared = server;
    }
    return server;
  }

  /**
   * Starts a server that nobody else uses and that may be killed, whether or not {@link
   * #URI_VARIABLE} names a running one.
   *
   * @throws TestServerException if none can be had; the message says how to mend it
   */
  public static MilvusServer startOwn() {
    return start(Flavour.chosen());
  }

  /**
   * Starts a server of {@code flavour} that nobody else uses and that may be killed.
   *
   * @throws TestServerException if none can be had; the message says how to mend it
   */
  public static MilvusServer start(Flavour flavour) {
    List<String> reasons = new ArrayList<>();
    if (flavour == Flavour.STANDALONE_2_3) {
      MilvusServer server = attempt("Docker", MilvusContainer::start, reasons);
      if (server != null) {
        return server;
      }
    }
    MilvusServer server = attempt("PyPI", () -> NativeMilvus.start(flavour), reasons);
    if (server != null) {
      return server;
    }
    throw new TestServerException(
        "the integration tests need a Milvus, and none can be had. Do one of: set "
            + URI_VARIABLE
            + " to the address of a running one (http://host:19530); start a Docker daemon that has or"
            + " can pull "
            + MilvusContainer.image()
            + " (or set "
            + IMAGE_VARIABLE
            + "); install Python 3.11 or newer with its venv module (Debian: apt-get install"
            + " python3-venv) and let it reach PyPI. What was tried: "
            + String.join("; ", reasons));
  }

  private static @Nullable MilvusServer attempt(
      String what, Supplier<Backend> start, List<String> reasons) {
    try {
      return announced(start.get());
    } catch (RuntimeException e) {
      reasons.add(what + ": " + e.getMessage());
      Settings.say("Milvus not from " + what + ": " + e.getMessage());
      return null;
    }
  }

  private static MilvusServer announced(Backend backend) {
    Settings.say("Milvus is " + backend.description() + " at " + backend.uri());
    return new MilvusServer(backend);
  }

  /**
   * Returns where it listens: {@code http://127.0.0.1:19530}. It stays the same after a restart.
   */
  public String uri() {
    return backend.uri();
  }

  /** Returns the token that a client must show; empty if the server asks for none. */
  public Optional<String> token() {
    return backend.token();
  }

  /** Returns the host where it listens. */
  public String host() {
    return java.net.URI.create(uri()).getHost();
  }

  /** Returns the port where it listens. */
  public int port() {
    return java.net.URI.create(uri()).getPort();
  }

  /** Returns what it is and where it came from, for a log. */
  public String description() {
    return backend.description();
  }

  /** Kills it without warning. Its data stay. */
  public void kill() {
    backend.kill();
  }

  /** Starts it again after {@link #kill()}, on the same port and the same data. */
  public void restart() {
    backend.restart();
  }

  /**
   * Starts it again after {@link #kill()}, on the same port, without data. Milvus 2.3.5 does not
   * always start on data that it was killed on.
   */
  public void restartEmpty() {
    backend.restartEmpty();
  }

  /** Stops it and removes its data, if this class started it. */
  @Override
  public void close() {
    backend.close();
  }

  private record External(String uri, Optional<String> token) implements Backend {
    @Override
    public String description() {
      return "the one that " + URI_VARIABLE + " names";
    }

    @Override
    public void kill() {
      throw new UnsupportedOperationException("a server that is not ours is not killed");
    }

    @Override
    public void restart() {
      throw new UnsupportedOperationException("a server that is not ours is not restarted");
    }

    @Override
    public void close() {}
  }
}
