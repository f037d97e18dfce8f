package dev.reprise.policy;

/** At which sampling temperature the model is asked. */
public enum UpstreamTemperature {
  /** At the one that the request sets, or at the model's own default where it sets none. */
  AS_REQUESTED,
  /** At 0. The request sets none, so whoever calls the model must send temperature 0. */
  ZERO
}
