package dev.reprise.cli.demo;

import dev.reprise.cli.io.HeaderLine;
import java.util.List;

/**
 * Everything that a demo found out.
 *
 * @param header what ran on what
 * @param run what became of every question
 * @param statistics what that comes to
 * @param audit which answers were wrong
 * @param pair what became of the hard pair
 * @param troubles what went wrong within the cache
 * @param pace how measured time relates to a real model's
 * @param prices what tokens cost
 * @param concurrency how many questions were asked at a time
 */
record DemoResult(
    List<HeaderLine> header,
    DemoRun run,
    Statistics statistics,
    Audit audit,
    Pair pair,
    List<String> troubles,
    DemoUpstream.Pace pace,
    Prices prices,
    int concurrency) {

  DemoResult {
    header = List.copyOf(header);
    troubles = List.copyOf(troubles);
  }
}
