package dev.reprise.verify.internal;

/*
 * DJL's tokenizer asks 169.254.169.254, and on EC2 a bucket of its makers, when it is loaded. It reads its opt-out once, when its
 * class is initialised, so this must come first.
 */
/** Prepares the native libraries: nothing is sent anywhere while they load. */
public final class NativeLibraries {
  private static final String OPT_OUT = "OPT_OUT_TRACKING";

  private NativeLibraries() {}

  /**
   * Opts out of DJL's usage tracking, by the system property {@value #OPT_OUT}, unless it is set
   * already. Must be called before a class of DJL is used.
   */
  public static void prepare() {
    if (System.getProperty(OPT_OUT) == null) {
      System.setProperty(OPT_OUT, "true");
    }
  }
}
