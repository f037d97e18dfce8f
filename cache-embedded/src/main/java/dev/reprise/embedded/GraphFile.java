package dev.reprise.embedded;

import dev.reprise.key.Fingerprint;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that keeps the graphs of a {@link DataDirectory}, so that a start need not build them.
 * It has no rows, and nothing is lost with it: a node whose row has gone is left out, a row without
 * a node is added, and a file that cannot be used is ignored.
 *
 * <p>It is written beside its place and moved there. Its last eight bytes are a checksum.
 */
final class GraphFile {
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  /** "RprG", and the version of what follows. */
  private static final long HEADER = 0x52707247_00000001L;

  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final Path next;
  private final String embedder;
  private boolean hasFailed;

  /**
   * @param embedder graphs over the vectors of another one are ignored
   */
  GraphFile(Path file, String embedder) {
    this.file = file;
    this.next = file.resolveSibling(file.getFileName() + ".new");
    this.embedder = embedder;
  }

  /**
   * Writes graphs in place of those in the file. One that cannot be written leaves the file as it
   * was; that is logged once.
   *
   * @return whether they are in the file
   */
  synchronized boolean write(HnswGraphSettings settings, Map<Fingerprint, SavedGraph> graphs) {
    try {
      CRC32C sum = new CRC32C();
      try (OutputStream target = Files.newOutputStream(next);
          DataOutputStream out =
              new DataOutputStream(
                  new BufferedOutputStream(new CheckedOutputStream(target, sum), BUFFER))) {
        out.writeLong(HEADER);
        out.writeUTF(embedder);
        out.writeInt(settings.dimension());
        out.writeInt(settings.m());
        out.writeInt(graphs.size());
        for (Map.Entry<Fingerprint, SavedGraph> each : graphs.entrySet()) {
          out.writeUTF(each.getKey().hex());
          write(out, each.getValue());
        }
        out.flush();
        out.writeLong(sum.getValue());
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      hasFailed = false;
      return true;
    } catch (IOException e) {
      discard(e);
      if (!hasFailed) {
        hasFailed = true;
        LOG.warn(
            "cannot write {}, which makes the next start faster; nothing else depends on it",
            file,
            e);
      }
      return false;
    }
  }

  /** Deletes what was written of the file: a full disk has better use for the room. */
  private void discard(IOException cause) {
    try {
      Files.deleteIfExists(next);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static void write(DataOutputStream out, SavedGraph graph) throws IOException {
    out.writeInt(graph.size());
    for (int node = 0; node < graph.size(); node++) {
      graph.key(node).write(out);
      int[] neighbours = graph.neighbours(node);
      out.writeInt(neighbours.length);
      for (int each : neighbours) {
        out.writeInt(each);
      }
    }
  }

  /** Returns the graphs in the file; none if it cannot be used, which is logged. */
  synchronized Map<Fingerprint, SavedGraph> read(HnswGraphSettings settings) {
    try {
      if (!isWhole()) {
        LOG.warn("{} is damaged: the graph that finds similar questions is built anew", file);
        return Map.of();
      }
      try (DataInputStream in = open(Files.newInputStream(file))) {
        if (in.readLong() == HEADER
            && in.readUTF().equals(embedder)
            && in.readInt() == settings.dimension()
            && in.readInt() == settings.m()) {
          return graphs(in);
        }
      }
      LOG.info(
          "{} is of another version or embedder: the graph that finds similar questions is built"
              + " anew",
          file);
    } catch (NoSuchFileException e) {
      LOG.debug("{} was not written yet", file);
    } catch (IOException e) {
      LOG.warn("{} cannot be read: the graph that finds similar questions is built anew", file, e);
    }
    return Map.of();
  }

  private static DataInputStream open(InputStream in) {
    return new DataInputStream(new BufferedInputStream(in, BUFFER));
  }

  /** Returns whether the checksum at the end is that of what comes before it. */
  private boolean isWhole() throws IOException {
    long left = Files.size(file) - Long.BYTES;
    CRC32C sum = new CRC32C();
    try (InputStream in = Files.newInputStream(file)) {
      CheckedInputStream checked = new CheckedInputStream(in, sum);
      byte[] buffer = new byte[BUFFER];
      while (left > 0) {
        int count = checked.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (count < 0) {
          return false;
        }
        left -= count;
      }
      return left == 0 && new DataInputStream(in).readLong() == sum.getValue();
    }
  }

  private static Map<Fingerprint, SavedGraph> graphs(DataInputStream in) throws IOException {
    Map<Fingerprint, SavedGraph> graphs = new HashMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      Fingerprint fingerprint = Fingerprint.ofHex(in.readUTF());
      SavedGraph graph = new SavedGraph();
      int size = in.readInt();
      for (int node = 0; node < size; node++) {
        RowKey key = RowKey.read(in);
        int[] neighbours = new int[in.readInt()];
        for (int j = 0; j < neighbours.length; j++) {
          neighbours[j] = in.readInt();
        }
        graph.add(key, neighbours);
      }
      graphs.put(fingerprint, graph);
    }
    return graphs;
  }
}
