package dev.reprise.cli.demo;

import java.time.Duration;

/** What the cache did with a question. */
public sealed interface DemoReply {

  /** How long the caller waited. */
  Duration took();

  /**
   * An answer and what it cost when the upstream gave it.
   *
   * @param text what it says
   * @param inputTokens the tokens of the prompt, 0 where the upstream did not say
   * @param outputTokens the tokens of the answer, 0 where the upstream did not say
   */
  record Served(String text, long inputTokens, long outputTokens) {}

  /**
   * The same question had been answered before.
   *
   * @param upstreamTime what the upstream took for it then
   */
  record ExactHit(Served served, Duration took, Duration upstreamTime) implements DemoReply {}

  /**
   * The answer to a near question was served.
   *
   * @param upstreamTime what the upstream took for it then
   * @param cached the near question
   * @param cosine how near it is
   */
  record SemanticHit(
      Served served, Duration took, Duration upstreamTime, String cached, double cosine)
      implements DemoReply {}

  /**
   * The upstream answered; the cache had nothing.
   *
   * @param overhead how much of the time the cache itself took
   */
  record Miss(Served served, Duration took, Duration overhead) implements DemoReply {}

  /**
   * The upstream answered; the cache was not asked.
   *
   * @param code why, to group by
   * @param detail why, for people
   */
  record Bypass(Served served, Duration took, String code, String detail) implements DemoReply {}

  /**
   * There is no answer: the upstream failed.
   *
   * @param why for people
   */
  record Failure(Duration took, String why) implements DemoReply {}
}
