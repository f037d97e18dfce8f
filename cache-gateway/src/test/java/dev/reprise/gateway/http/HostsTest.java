package dev.reprise.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HostsTest {
  @Test
  void elsewhereThanOnLoopbackOnlyAListRestricts() {
    Hosts wide = new Hosts(List.of(), "0.0.0.0", false);
    Hosts listed = new Hosts(List.of("cache.example"), "0.0.0.0", false);
    Hosts any = new Hosts(List.of("*"), "127.0.0.1", true);

    assertThat(wide.isChecked()).isFalse();
    assertThat(any.isChecked()).isFalse();
    assertThat(listed.isChecked()).isTrue();
    assertThat(listed.isAllowed("cache.example")).isTrue();
    assertThat(listed.isAllowed("evil.example")).isFalse();
    assertThatThrownBy(() -> Hosts.check("https://cache.example"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://cache.example");
  }
}
