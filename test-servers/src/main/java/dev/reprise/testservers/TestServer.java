package dev.reprise.testservers;

/** A server that tests run against. */
public interface TestServer {
  /** Returns where it listens, as its client's configuration writes it. */
  String url();

  /** Returns where it came from, for people: "Docker, redis:8.10.2". */
  String origin();
}
