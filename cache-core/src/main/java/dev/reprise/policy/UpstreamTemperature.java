package dev.reprise.policy;

/** The sampling temperature at which the model is called. */
public enum UpstreamTemperature {
  /** The request's temperature, or the model's own default. */
  AS_REQUESTED,
  /** 0. The request sets none, so the integration must send temperature 0. */
  ZERO
}
