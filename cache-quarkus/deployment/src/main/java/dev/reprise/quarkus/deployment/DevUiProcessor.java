package dev.reprise.quarkus.deployment;

import dev.reprise.quarkus.runtime.RecentDecisions;
import dev.reprise.quarkus.runtime.RepriseJsonRpc;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.IsDevelopment;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.BuildSteps;
import io.quarkus.devui.spi.JsonRPCProvidersBuildItem;
import io.quarkus.devui.spi.page.CardPageBuildItem;
import io.quarkus.devui.spi.page.Page;

/** Adds a card to the Dev UI: the hit rate and the latest requests. */
@BuildSteps(onlyIf = {IsDevelopment.class, IsEnabled.class})
class DevUiProcessor {
  @BuildStep
  CardPageBuildItem card() {
    CardPageBuildItem card = new CardPageBuildItem();
    card.addPage(
        Page.webComponentPageBuilder()
            .title("Cache")
            .icon("font-awesome-solid:clone")
            .componentLink("qwc-reprise.js"));
    return card;
  }

  @BuildStep
  JsonRPCProvidersBuildItem service() {
    return new JsonRPCProvidersBuildItem(RepriseJsonRpc.class);
  }

  @BuildStep
  AdditionalBeanBuildItem decisions() {
    return AdditionalBeanBuildItem.unremovableOf(RecentDecisions.class);
  }
}
