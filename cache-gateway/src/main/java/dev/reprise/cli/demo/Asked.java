package dev.reprise.cli.demo;

/**
 * A question and what became of it.
 *
 * @param question what was asked
 * @param reply what the cache did with it
 */
record Asked(DemoQuestion question, DemoReply reply) {}
