package dev.reprise.engine;

import java.util.function.LongSupplier;

/** What awaited calls and streams have in common. */
record CallParts(
    FlightTable flights,
    FreshAnswers fresh,
    Hits hits,
    StatsCounter stats,
    EngineThreads threads,
    LongSupplier nanoseconds) {}
