/** The verifier's weights and calibration. */
module dev.reprise.verifier.model {
  // Resources only: dev.reprise.embedded reads them.
  opens dev.reprise.verifier;
}
