package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DanglingRowsTest {
  private final List<String> lines = new ArrayList<>();
  private final DanglingRows rows = new DanglingRows(lines::add);

  private void run(int searches, int each) {
    for (int i = 0; i < searches; i++) {
      rows.searched();
      if (i % each == 0) {
        rows.found();
      }
    }
  }

  @Test
  void manyAreSaidOnceWithWhatToDo() {
    run(1_000, 2);
    assertThat(lines)
        .singleElement()
        .asString()
        .contains("100 rows")
        .contains("give the exact tier more room");
  }

  @Test
  void fewAreNot() {
    run(DanglingRows.MANY - 1, 1);
    assertThat(lines).isEmpty();
  }

  @Test
  void aFewAmongManySearchesAreNot() {
    run(5_000, 40);
    assertThat(lines).isEmpty();
  }
}
