package dev.reprise.engine;

import dev.reprise.tier.SharedFlights;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What awaited calls and streams have in common.
 *
 * @param sharedFlights null where engines do not share flights
 */
record CallParts(
    FlightTable flights,
    @Nullable SharedFlights sharedFlights,
    FreshAnswers fresh,
    Hits hits,
    StatsCounter stats,
    EngineThreads threads,
    LongSupplier nanoseconds) {}
