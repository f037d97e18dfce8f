package dev.reprise.cli.serve;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAware;
import ch.qos.logback.core.spi.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/*
 * Set up in code: reading a file of Logback's own would cost a tenth of a second at every start.
 */
/** The log of the process: to the standard error, that of libraries included. */
public final class Logs {
  /** How many lines wait for a reader at most; more are given up, requests never wait. */
  private static final int QUEUE = 8192;

  private static final String BRIEF = "%d{HH:mm:ss} %level %logger{0} - %line%n%ex";
  private static final String FULL =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %level %logger{0} - %line %pairs%n%ex";

  private Logs() {}

  /** How a line is written. */
  enum Format {
    /** For people, with {@code key="value"} at the end. */
    TEXT,
    /** One JSON object. */
    JSON
  }

  /** Sets up the log of a command that speaks for itself: trouble only. */
  public static void ofCommand() {
    LoggerContext context = context();
    if (context != null) {
      context.reset();
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
      context
          .getLogger(Logger.ROOT_LOGGER_NAME)
          .addAppender(console(context, text(context, BRIEF)));
    }
  }

  /**
   * Sets up the log of a server.
   *
   * @param requests the logger that has a line for each request
   * @param areLogged whether it writes them
   */
  static void ofServer(Format format, String requests, boolean areLogged) {
    LoggerContext context = context();
    if (context == null) {
      return;
    }
    context.reset();
    AsyncAppender queue = new AsyncAppender();
    queue.setContext(context);
    queue.setName("queue");
    queue.setQueueSize(QUEUE);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.addAppender(
        console(
            context,
            switch (format) {
              case TEXT -> text(context, FULL);
              case JSON -> started(context, new JsonLogEncoder());
            }));
    queue.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(queue);
    context.getLogger("dev.reprise").setLevel(Level.INFO);
    context.getLogger(requests).setLevel(areLogged ? Level.INFO : Level.OFF);
    // What speaks to java.util.logging (gRPC, OpenTelemetry) comes here as well.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** Writes what still waits, a second at most. */
  static void stop() {
    LoggerContext context = context();
    if (context != null) {
      context.stop();
    }
  }

  /** Returns Logback's context; null where an application brought another log. */
  private static @Nullable LoggerContext context() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context ? context : null;
  }

  private static ConsoleAppender<ILoggingEvent> console(
      LoggerContext context, Encoder<ILoggingEvent> encoder) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setName("console");
    console.setTarget("System.err");
    console.setEncoder(encoder);
    return started(context, console);
  }

  private static PatternLayoutEncoder text(LoggerContext context, String pattern) {
    PatternLayoutEncoder encoder = new LineEncoder();
    encoder.setPattern(pattern);
    return started(context, encoder);
  }

  private static <T extends ContextAware & LifeCycle> T started(LoggerContext context, T part) {
    part.setContext(context);
    part.start();
    return part;
  }
}
