package dev.reprise.embedded;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.util.DenseIntMap;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rows in JVector's graph, whose layers are those of HNSW (Malkov and Yashunin, "Efficient and
 * robust approximate nearest neighbor search using Hierarchical Navigable Small World graphs",
 * 2016): every node has at most 2 M neighbours in the lowest layer and M in the ones above.
 *
 * <p>A search goes through the graph by the signs of the vectors' components ({@link SignCodes})
 * and scores what it has found by the vectors themselves: through 100,000 rows it mostly waits for
 * memory. So does the search for a new row's neighbours.
 *
 * <p>A retired row stays a node that searches pass through until {@link #compacted} joins its
 * neighbours to each other and gives its number away. The graph's memory grows with the highest
 * number, so numbers are used again. A search that is under way then may see the new row where its
 * graph led it to the old one; it scores rows by their own vectors afterwards, so that the worst it
 * can do is to overlook one.
 */
final class GraphIndex implements RowIndex {
  /** JVector's own defaults: how far a node may overflow, and how long edges may be. */
  private static final float NEIGHBOUR_OVERFLOW = 1.2f;

  private static final float ALPHA = 1.2f;

  private static final int INITIAL_CAPACITY = 1024;

  /**
   * To mend a graph that lost many of its nodes leaves rows that no search comes to. Up to so many
   * rows it is made anew then, which takes seconds at most; whoever stores waits for it.
   */
  private static final int REBUILT_ROWS = 5_000;

  /**
   * From so many components on, their signs tell enough to find a way through the graph by; fewer
   * are soon multiplied.
   */
  private static final int SIGNS_SUFFICE = 128;

  private final HnswGraphSettings settings;
  private final SignCodes signs;

  /** The score by vectors that so many different signs stand for. */
  private final float[] estimates;

  private final DenseIntMap<HnswRow> rows = new DenseIntMap<>(INITIAL_CAPACITY);
  private final AtomicInteger nextNode = new AtomicInteger();
  private final Queue<Integer> freeNodes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final GraphIndexBuilder builder;
  private final ImmutableGraphIndex graph;

  /** A searcher has working space of some size; these few are used again. */
  private final Queue<GraphSearcher> searchers =
      new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors());

  GraphIndex(HnswGraphSettings settings, List<HnswRow> content) {
    this.settings = settings;
    signs = new SignCodes(settings.dimension());
    estimates = new float[settings.dimension() + 1];
    for (int differences = 0; differences < estimates.length; differences++) {
      double cosine = Math.cos(Math.PI * differences / settings.dimension());
      estimates[differences] = (float) ((1 + cosine) / 2);
    }
    builder =
        GraphIndexBuilder.builder(
                settings.dimension() < SIGNS_SUFFICE ? byVectors() : new BuildBySigns(byVectors()),
                settings.dimension(),
                List.of(2 * settings.m(), settings.m()))
            .withBeamWidth(settings.efConstruction())
            .withNeighborOverflow(NEIGHBOUR_OVERFLOW)
            .withAlpha(ALPHA)
            // The platform's own pool: no threads that somebody would have to end.
            .withSimdExecutor(ForkJoinPool.commonPool())
            .withParallelExecutor(ForkJoinPool.commonPool())
            .build();
    graph = builder.getGraph();
    content.forEach(this::add);
  }

  @Override
  public boolean add(HnswRow row) {
    Integer free = freeNodes.poll();
    int node = free != null ? free : nextNode.getAndIncrement();
    rows.compareAndPut(node, null, row);
    signs.put(node, SignCodes.of(row.components()));
    size.incrementAndGet();
    // One at a time: two insertions side by side can link a node to itself in an upper layer, since
    // the library leaves a node
    // out of its own candidates in the lowest layer only.
    synchronized (builder) {
      builder.addGraphNode(node, row.vector());
    }
    return true;
  }

  @Override
  public int size() {
    return size.get();
  }

  @Override
  public List<HnswRow> nearest(float[] query, int limit, HnswRow.Moment moment) {
    Bits served =
        node -> {
          HnswRow row = rows.get(node);
          return row != null && row.isServed(moment);
        };
    GraphSearcher searcher = searchers.poll();
    if (searcher == null) {
      searcher = new GraphSearcher(graph);
    }
    searcher.setView(graph.getView());
    SearchResult result =
        searcher.search(scores(query), limit, Math.max(limit, settings.ef()), 0, 0, served);
    // Not after an exception: who knows what its working space holds then.
    searchers.offer(searcher);
    List<HnswRow> nearest = new ArrayList<>(limit);
    for (SearchResult.NodeScore found : result.getNodes()) {
      HnswRow row = rows.get(found.node);
      if (row != null) {
        nearest.add(row);
      }
    }
    return nearest;
  }

  private BuildScoreProvider byVectors() {
    return BuildScoreProvider.randomAccessScoreProvider(
        new Vectors(), VectorSimilarityFunction.DOT_PRODUCT);
  }

  private SearchScoreProvider scores(float[] query) {
    VectorFloat<?> vector = HnswRow.vectorOf(query);
    return settings.dimension() < SIGNS_SUFFICE
        ? new DefaultSearchScoreProvider(scoresByVector(vector))
        : scores(vector, SignCodes.of(query));
  }

  /** Scores nodes by their signs on the way, and by their vectors at its end. */
  private SearchScoreProvider scores(VectorFloat<?> vector, long[] code) {
    ScoreFunction.ApproximateScoreFunction approximate =
        node -> estimates[signs.differences(node, code)];
    return new DefaultSearchScoreProvider(approximate, scoresByVector(vector));
  }

  private ScoreFunction.ExactScoreFunction scoresByVector(VectorFloat<?> vector) {
    return node -> {
      HnswRow row = rows.get(node);
      return row == null ? 0 : VectorSimilarityFunction.DOT_PRODUCT.compare(vector, row.vector());
    };
  }

  /**
   * Finds a new node's neighbours by signs, and chooses among them by vectors: the choice decides
   * how good the graph is.
   */
  private final class BuildBySigns implements BuildScoreProvider {
    private final BuildScoreProvider byVectors;

    BuildBySigns(BuildScoreProvider byVectors) {
      this.byVectors = byVectors;
    }

    @Override
    public boolean isExact() {
      return false;
    }

    @Override
    public VectorFloat<?> approximateCentroid() {
      return byVectors.approximateCentroid();
    }

    @Override
    public SearchScoreProvider searchProviderFor(VectorFloat<?> vector) {
      float[] components = new float[vector.length()];
      for (int i = 0; i < components.length; i++) {
        components[i] = vector.get(i);
      }
      return scores(vector, SignCodes.of(components));
    }

    @Override
    public SearchScoreProvider searchProviderFor(int node) {
      HnswRow row = rows.get(node);
      return row == null
          ? byVectors.searchProviderFor(node)
          : scores(row.vector(), SignCodes.of(row.components()));
    }

    @Override
    public SearchScoreProvider diversityProviderFor(int node) {
      return byVectors.diversityProviderFor(node);
    }
  }

  @Override
  public RowIndex compacted() {
    int end = nextNode.get();
    List<Integer> retired = new ArrayList<>();
    List<HnswRow> left = new ArrayList<>(size.get());
    for (int node = 0; node < end; node++) {
      HnswRow row = rows.get(node);
      if (row != null) {
        if (row.isRetired()) {
          retired.add(node);
        } else {
          left.add(row);
        }
      }
    }
    // Half the limit, so that a partition of about that size does not go back and forth.
    if (left.size() <= settings.flatLimit() / 2) {
      return new FlatIndex(settings, left);
    }
    if (left.size() <= REBUILT_ROWS && retired.size() > left.size() / 2) {
      return new GraphIndex(settings, left);
    }
    retired.forEach(builder::markNodeDeleted);
    builder.removeDeletedNodes();
    for (int node : retired) {
      rows.remove(node);
      size.decrementAndGet();
      freeNodes.add(node);
    }
    return this;
  }

  /** The rows' vectors, as the library reads them. */
  private final class Vectors implements RandomAccessVectorValues {
    @Override
    public int size() {
      return size.get();
    }

    @Override
    public int dimension() {
      return settings.dimension();
    }

    @Override
    public @Nullable VectorFloat<?> getVector(int node) {
      HnswRow row = rows.get(node);
      return row == null ? null : row.vector();
    }

    @Override
    public boolean isValueShared() {
      return false;
    }

    @Override
    public RandomAccessVectorValues copy() {
      return this;
    }
  }
}
