package dev.reprise.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapShareTest {
  private static final long MEBIBYTE = 1 << 20;

  /** What a row takes, with its vector and its part of the graph. */
  private static final long BYTES_PER_ROW = 2400;

  @ParameterizedTest
  @CsvSource({
    "64, 2048",
    "256, 8192",
    "512, 16384",
    "2048, 65536",
    "4096, 100000",
    "32768, 100000"
  })
  void rowsNeverOutliveAnswersAndBothFitTheHeap(long mebibytes, int rows) {
    HeapShare share = new HeapShare(mebibytes * MEBIBYTE);

    assertThat(share.rows()).isEqualTo(rows);
    assertThat(share.answerBytes()).isEqualTo((long) rows * HeapShare.BYTES_PER_ANSWER);
    assertThat(share.answerBytes() + rows * BYTES_PER_ROW).isLessThan(mebibytes * MEBIBYTE / 4);
  }
}
