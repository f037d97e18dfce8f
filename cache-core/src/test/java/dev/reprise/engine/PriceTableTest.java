package dev.reprise.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reprise.model.TokenUsage;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PriceTableTest {
  private static final LocalDate START = LocalDate.of(2026, 1, 1);
  private static final TokenUsage MILLIONS = new TokenUsage.Known(1_000_000, 2_000_000);

  private final PriceTable table = PriceTable.empty().with("Gpt-4o", 2.5, 10).with("o3", 2, 8);

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, 22.5",
    "GPT-4o, 22.5",
    "gpt-4o-2024-08-06, 22.5",
    "openai/gpt-4o, 22.5",
    "azure/eu/gpt-4o-20240806, 22.5",
    "o3, 18",
  })
  void aModelIsFoundByItsNameWithProviderAndDate(String model, double usd) {
    assertThat(table.price(model, MILLIONS)).isEqualTo(new Cost.Dollars(usd));
  }

  @ParameterizedTest
  @CsvSource({"gpt-4o-mini", "gpt-4", "o3-2024", "''"})
  void aModelThatIsNotNamedHasNoPriceUnlessOthersHaveOne(String model) {
    assertThat(table.price(model, MILLIONS)).isEqualTo(new Cost.Unknown());
    assertThat(table.withOthers(1, 1).price(model, MILLIONS)).isEqualTo(new Cost.Dollars(3));
  }

  @Test
  void aDatedPriceWinsOverThatOfTheModel() {
    assertThat(table.with("gpt-4o-2024-05-13", 5, 15).price("gpt-4o-2024-05-13", MILLIONS))
        .isEqualTo(new Cost.Dollars(35));
  }

  @Test
  void withoutTokensThereIsNoCost() {
    assertThat(table.price("o3", new TokenUsage.Unknown())).isEqualTo(new Cost.Unknown());
  }

  @Test
  void whatComesWithRepriseIsDatedAndCanBeOverridden() {
    PriceTable shipped = PriceTable.shipped();
    assertThat(shipped.date()).hasValueSatisfying(day -> assertThat(day).isAfter(START));
    assertThat(shipped.price("gpt-4o-mini", MILLIONS)).isEqualTo(new Cost.Dollars(1.35));
    assertThat(shipped.price("text-embedding-3-small", new TokenUsage.Known(1_000_000, 0)))
        .isEqualTo(new Cost.Dollars(0.02));
    assertThat(shipped.with("gpt-4o-mini", 0, 1).price("gpt-4o-mini", MILLIONS))
        .isEqualTo(new Cost.Dollars(2));
  }

  @Test
  void aWrongPriceIsNamedWithItsValueAndItsRange() {
    assertThatThrownBy(() -> table.with("o3", -1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("o3", "-1", "from 0");
    assertThatThrownBy(() -> table.with(" ", 1, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
