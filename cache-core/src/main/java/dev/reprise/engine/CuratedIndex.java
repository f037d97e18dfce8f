package dev.reprise.engine;

import dev.reprise.curated.CuratedAlias;
import dev.reprise.curated.CuratedEntry;
import dev.reprise.curated.PlainQuestion;
import dev.reprise.embed.Vector;
import dev.reprise.match.EqualWording;
import dev.reprise.model.Scope;
import dev.reprise.model.Similarity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the curated entries that have a question in one of its wordings. Immutable.
 *
 * @param version the version of the imported set that it is made from
 * @param rows all wordings
 * @param byKey the wordings by {@link EqualWording#key}, the narrowest entries first; without
 *     vectors
 */
record CuratedIndex(long version, List<Row> rows, Map<String, List<Row>> byKey) {
  static final CuratedIndex EMPTY = new CuratedIndex(0, List.of(), Map.of());

  /** Of two entries that answer a question, the one for fewer requests counts. */
  private static final Comparator<Row> NARROWEST =
      Comparator.<Row>comparingInt(
              row ->
                  (row.entry().scope().isPresent() ? 4 : 0)
                      + (row.entry().systems().isEmpty() ? 0 : 2)
                      + (row.entry().models().isEmpty() ? 0 : 1))
          .reversed();

  private static final Comparator<Near> NEAREST =
      Comparator.<Near>comparingDouble(near -> near.similarity().cosine())
          .reversed()
          .thenComparing(Near::row, NARROWEST);

  /** Where the wordings of entries of all scopes are brought to their comparable form. */
  private static final Scope ANY_SCOPE = Scope.of("curated entries of all scopes");

  /**
   * A wording of an entry.
   *
   * @param only the scope in which it counts; empty for all scopes of the entry
   * @param vector null as long as it is not embedded, or where it cannot be
   */
  record Row(CuratedEntry entry, String text, Optional<Scope> only, @Nullable Vector vector) {
    boolean answers(Scope scope, PlainQuestion asked) {
      return (only.isEmpty() || only.get().equals(scope)) && entry.answers(scope, asked);
    }

    /** Returns the scope in which it is embedded. */
    Scope scope() {
      return only.or(entry::scope).orElse(ANY_SCOPE);
    }

    Row at(@Nullable Vector place) {
      return new Row(entry, text, only, place);
    }
  }

  /** Returns the index of entries and the wordings that were approved for them, without vectors. */
  static CuratedIndex of(long version, List<CuratedEntry> entries, List<CuratedAlias> aliases) {
    List<Row> rows = new ArrayList<>();
    Map<String, CuratedEntry> byId = new HashMap<>();
    for (CuratedEntry entry : entries) {
      byId.put(entry.id(), entry);
      rows.add(new Row(entry, entry.question(), Optional.empty(), null));
      entry.aliases().forEach(alias -> rows.add(new Row(entry, alias, Optional.empty(), null)));
    }
    for (CuratedAlias alias : aliases) {
      CuratedEntry entry = byId.get(alias.entry());
      if (entry != null) {
        rows.add(new Row(entry, alias.text(), alias.scope(), null));
      }
    }
    return of(version, rows);
  }

  private static CuratedIndex of(long version, List<Row> rows) {
    Map<String, List<Row>> byKey = new HashMap<>();
    for (Row row : rows) {
      byKey.computeIfAbsent(EqualWording.key(row.text()), key -> new ArrayList<>()).add(row);
    }
    byKey.values().forEach(same -> same.sort(NARROWEST));
    return new CuratedIndex(version, List.copyOf(rows), byKey);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Returns the wording that is equal to a question, of the narrowest entry that may answer it. */
  Optional<Row> equal(Scope scope, PlainQuestion asked) {
    return byKey.getOrDefault(EqualWording.key(asked.text()), List.of()).stream()
        .filter(row -> row.answers(scope, asked))
        .filter(row -> EqualWording.areEqual(asked.text(), row.text()))
        .findFirst();
  }

  /** A wording near a question. */
  record Near(Row row, Similarity similarity) {}

  /** Returns the nearest wordings of entries that may answer a question, nearest first. */
  List<Near> nearest(Scope scope, PlainQuestion asked, Vector vector, int most) {
    List<Near> nearest = new ArrayList<>(most + 1);
    for (Row row : rows) {
      Vector place = row.vector();
      if (place != null && place.dimension() == vector.dimension() && row.answers(scope, asked)) {
        Near near = new Near(row, vector.similarity(place));
        if (nearest.size() < most || NEAREST.compare(near, nearest.get(most - 1)) < 0) {
          int at = Collections.binarySearch(nearest, near, NEAREST);
          nearest.add(at < 0 ? -at - 1 : at + 1, near);
          nearest.subList(Math.min(most, nearest.size()), nearest.size()).clear();
        }
      }
    }
    return nearest;
  }

  /** Returns the same index with these rows, which have the same wordings in the same order. */
  CuratedIndex with(List<Row> embedded) {
    return new CuratedIndex(version, List.copyOf(embedded), byKey);
  }
}
