package dev.reprise.milvus;

import dev.reprise.tier.TierException;
import dev.reprise.tier.TierUnreachableException;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.v2.exception.ErrorCode;
import io.milvus.v2.exception.MilvusClientException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the SDK throws, in this tier's words. */
final class MilvusFailures {
  /** How long a server's own words may be in a message. */
  private static final int LONGEST_REASON = 300;

  /** Protobuf's words. */
  private static final String UNKNOWN_CODE = "unknown enum value";

  private static final int COLLECTION_NOT_FOUND = 100;
  private static final int COLLECTION_NOT_LOADED = 101;
  private static final int COLLECTION_NOT_FULLY_LOADED = 103;
  private static final int COLLECTION_NOT_FOUND_BEFORE_2_3 = 4;

  private MilvusFailures() {}

  /** What a failure says about the connection. */
  enum Kind {
    /** The server was not reached, did not answer in time, or is not ready yet. */
    UNREACHABLE,
    /** The server answered that the collection is not there, or not in memory. */
    COLLECTION_GONE,
    /**
     * The server's answer is one that the SDK cannot read. Milvus Lite's "collection not loaded" is
     * such a one: its code is missing in the SDK's list.
     */
    UNREADABLE,
    /** The server does not know or does not admit the user. */
    DENIED,
    /** Anything else. */
    OTHER
  }

  /** How a server says that it is starting, stopping or ill. */
  private static final Pattern NOT_READY =
      Pattern.compile(
          "not ready|abnormal|initializing|stand ?by|starting|healthy state|no available",
          Pattern.CASE_INSENSITIVE);

  static Kind kind(Throwable failure) {
    Kind kind = kindOf(failure);
    return kind == Kind.OTHER && isNotReady(failure) ? Kind.UNREACHABLE : kind;
  }

  /**
   * The SDK wraps what a starting server says into a plain RuntimeException, or gives the server's
   * error without a code of its own.
   */
  private static boolean isNotReady(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (NOT_READY.matcher(String.valueOf(cause.getMessage())).find()) {
        return true;
      }
    }
    return false;
  }

  private static Kind kindOf(Throwable failure) {
    Status status = status(failure);
    if (status != null) {
      return switch (status.getCode()) {
        case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, INTERNAL, UNKNOWN -> Kind.UNREACHABLE;
        case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.DENIED;
        default -> Kind.OTHER;
      };
    }
    if (failure instanceof MilvusClientException milvus
        && milvus.getErrorCode() == ErrorCode.CLIENT_ERROR) {
      return String.valueOf(milvus.getMessage()).contains(UNKNOWN_CODE)
          ? Kind.UNREADABLE
          : Kind.OTHER;
    }
    if (failure instanceof MilvusClientException milvus
        && milvus.getErrorCode() == ErrorCode.SERVER_ERROR) {
      int code = milvus.getServerErrCode();
      String message = String.valueOf(milvus.getMessage());
      boolean gone =
          code == COLLECTION_NOT_FOUND
              || code == COLLECTION_NOT_LOADED
              || code == COLLECTION_NOT_FULLY_LOADED
              || milvus.getLegacyServerCode() == COLLECTION_NOT_FOUND_BEFORE_2_3
              || message.contains("not found")
              || message.contains("not loaded");
      return gone ? Kind.COLLECTION_GONE : Kind.OTHER;
    }
    return Kind.OTHER;
  }

  /** Returns the exception for {@code action}, which failed with {@code failure}. */
  static TierException of(Options options, String action, Throwable failure) {
    Kind kind = kind(failure);
    String advice =
        switch (kind) {
          case UNREACHABLE ->
              "check that Milvus runs at "
                  + options.server().uri()
                  + " and answers within the deadline; the tier connects again by itself";
          case COLLECTION_GONE ->
              "the collection "
                  + options.collection()
                  + " is not there or not loaded; the tier creates and loads it again by itself,"
                  + " without the rows that are lost";
          case UNREADABLE ->
              "the server answered with a code that is unknown here; the tier looks at the"
                  + " collection "
                  + options.collection()
                  + " again by itself";
          case DENIED -> "check the token, or the user and password, and what they may do";
          case OTHER -> "see the cause, and the log of Milvus";
        };
    String said = action + " failed: " + reason(failure) + "; " + advice;
    return kind == Kind.UNREACHABLE
        ? new TierUnreachableException(MilvusSemanticTier.NAME, said, failure)
        : new TierException(MilvusSemanticTier.NAME, said, failure);
  }

  private static String reason(Throwable failure) {
    Status status = status(failure);
    String text =
        status != null
            ? status.getCode() + ": " + status.getDescription()
            : failure.getClass().getSimpleName() + ": " + failure.getMessage();
    return text.length() <= LONGEST_REASON ? text : text.substring(0, LONGEST_REASON) + "...";
  }

  private static @Nullable Status status(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException rpc) {
        return rpc.getStatus();
      }
    }
    return null;
  }
}
