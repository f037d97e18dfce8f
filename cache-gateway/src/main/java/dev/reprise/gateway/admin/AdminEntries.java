package dev.reprise.gateway.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reprise.engine.CacheEngine;
import dev.reprise.gateway.http.ApiError;
import dev.reprise.gateway.http.Json;
import dev.reprise.gateway.http.Query;
import dev.reprise.model.Scope;
import dev.reprise.model.Tag;
import dev.reprise.tier.Entry;
import dev.reprise.tier.Scan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/*
 * There is no index to search in: each search walks through the exact tier, for so many entries and so long at most, and says
 * where that was not all. Only the rows up to the page that is asked for are held.
 */
/** What is stored: a page of entries, and all of them by age and size. */
final class AdminEntries {
  /** How many entries a search looks at: {@value}. */
  static final int MOST_VISITED = 200_000;

  /** How long a search may take, in seconds: {@value}. */
  static final int MOST_SECONDS = 20;

  private static final int MOST_OFFSET = 1_000;
  private static final int MOST_ROWS = 200;
  private static final int LONGEST_TEXT = 256;
  private static final int SEARCHES_AT_ONCE = 2;

  /** Every so many entries it is looked at the clock. */
  private static final int BETWEEN_LOOKS = 256;

  private static final Comparator<EntryRow> NEWEST =
      Comparator.comparing(EntryRow::storedAt).reversed().thenComparing(EntryRow::key);
  private static final Comparator<EntryRow> LARGEST =
      Comparator.comparingLong(EntryRow::bytes).reversed().thenComparing(EntryRow::key);

  private final CacheEngine engine;
  private final InstantSource clock;
  private final Semaphore searches = new Semaphore(SEARCHES_AT_ONCE);

  AdminEntries(CacheEngine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /**
   * Searches. The query has {@code q}, a part of the question or the answer in any case; {@code
   * tag}, {@code document}, {@code scope}; {@code sort}: newest, oldest, largest or smallest;
   * {@code offset} and {@code limit}.
   */
  ObjectNode json(Query query) {
    Comparator<EntryRow> order =
        switch (query.oneOf("sort", List.of("newest", "oldest", "largest", "smallest"))) {
          case "oldest" -> NEWEST.reversed();
          case "largest" -> LARGEST;
          case "smallest" -> LARGEST.reversed();
          default -> NEWEST;
        };
    int offset = (int) query.number("offset", 0, 0, MOST_OFFSET);
    int limit = (int) query.number("limit", 50, 1, MOST_ROWS);
    Walk walk = new Walk(filter(query), order, offset + limit);
    if (!searches.tryAcquire()) {
      throw ApiError.ofClient(
              429, "searches_under_way", "other searches are under way; try again in a moment")
          .exception();
    }
    Scan end;
    try {
      end = engine.entries(walk);
    } finally {
      searches.release();
    }
    return walk.json(end, offset);
  }

  private static Predicate<Entry> filter(Query query) {
    Predicate<Entry> filter = entry -> true;
    String text = query.text("q", LONGEST_TEXT);
    if (!text.isEmpty()) {
      Pattern part =
          Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
      filter =
          filter.and(
              entry ->
                  part.matcher(EntryRow.questionOf(entry)).find()
                      || part.matcher(entry.answer().text()).find());
    }
    String tag = query.text("tag", LONGEST_TEXT);
    if (!tag.isEmpty()) {
      filter = filter.and(entry -> entry.tags().contains(Tag.of(tag)));
    }
    String scope = query.text("scope", LONGEST_TEXT);
    if (!scope.isEmpty()) {
      filter = filter.and(entry -> entry.tags().contains(Tag.scope(Scope.of(scope))));
    }
    String document = query.text("document", LONGEST_TEXT);
    if (!document.isEmpty()) {
      filter = filter.and(entry -> entry.tags().contains(Tag.document(document)));
    }
    return filter;
  }

  /** One walk through the entries. */
  private final class Walk implements Predicate<Entry> {
    private final Predicate<Entry> filter;
    private final Comparator<EntryRow> order;
    private final int most;
    private final Queue<EntryRow> rows;
    private final Set<String> shown = new HashSet<>();
    private final EntryHistogram ages = EntryHistogram.ofAges();
    private final EntryHistogram sizes = EntryHistogram.ofSizes();
    private final Instant began = clock.instant();
    private long visited;
    private long bytes;
    private long matched;

    Walk(Predicate<Entry> filter, Comparator<EntryRow> order, int most) {
      this.filter = filter;
      this.order = order;
      this.most = most;
      this.rows = new PriorityQueue<>(order.reversed());
    }

    @Override
    public boolean test(Entry entry) {
      visited++;
      long size = EntryRow.bytesOf(entry);
      bytes += size;
      ages.add(entry.age(began).toSeconds(), size);
      sizes.add(size, size);
      if (filter.test(entry)) {
        matched++;
        keep(EntryRow.of(entry));
      }
      return visited < MOST_VISITED && (visited % BETWEEN_LOOKS != 0 || isInTime());
    }

    private boolean isInTime() {
      return Duration.between(began, clock.instant()).toSeconds() < MOST_SECONDS;
    }

    /** A server may show an entry twice; it stands in the list once. */
    private void keep(EntryRow row) {
      if (!shown.add(row.key())) {
        return;
      }
      rows.add(row);
      if (rows.size() > most) {
        EntryRow last = rows.remove();
        shown.remove(last.key());
      }
    }

    ObjectNode json(Scan end, int offset) {
      List<EntryRow> sorted = new ArrayList<>(rows);
      Collections.sort(sorted, order);
      ObjectNode json = Json.object();
      json.put("scan", end.name().toLowerCase(Locale.ROOT).replace('_', '-'));
      json.put("visited", visited);
      json.put("bytes", bytes);
      json.put("matched", matched);
      json.put("offset", offset);
      ages.write(json.putArray("byAge"));
      sizes.write(json.putArray("bySize"));
      ArrayNode list = json.putArray("entries");
      sorted.stream().skip(offset).forEach(row -> row.write(list.addObject()));
      return json;
    }
  }
}
