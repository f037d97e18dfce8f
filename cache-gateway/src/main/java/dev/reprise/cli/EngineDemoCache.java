package dev.reprise.cli;

import java.util.List;

/** Placeholder. */
final class EngineDemoCache implements DemoCache {
  static DemoCache open(CacheSettings settings, Upstream upstream) {
    throw new InputException("engine is not there yet");
  }

  @Override
  public Reply ask(DemoQuestion question) {
    throw new InputException("engine is not there yet");
  }

  @Override
  public Comparison compare(String asked, String cached) {
    throw new InputException("engine is not there yet");
  }

  @Override
  public List<Line> description() {
    return List.of();
  }

  @Override
  public List<String> troubles() {
    return List.of();
  }

  @Override
  public void close() {}
}
