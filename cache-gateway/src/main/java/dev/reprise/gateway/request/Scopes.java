package dev.reprise.gateway.request;

import dev.reprise.model.Contributor;
import dev.reprise.model.Scope;
import dev.reprise.model.internal.Checks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells who may share answers: everybody with the same key, and the keys of one group. A key is
 * known by its HMAC-SHA-256 (RFC 2104) only. Safe for use by several threads.
 */
public final class Scopes {
  /** The fewest bytes of a secret: {@value}. */
  public static final int SHORTEST_SECRET = 16;

  /** The longest name of a scope within a key's own, in characters: {@value}. */
  static final int LONGEST_NAME = 128;

  private static final String KEY = "key:";
  private static final String GROUP = "group:";
  private static final String USER = "user:";
  private static final int LABEL_DIGITS = 8;
  private static final int ISSUER_DIGITS = 16;
  private static final int CONTRIBUTOR_DIGITS = 16;
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;
  private final Map<String, String> groups = new HashMap<>();

  /**
   * @param secret what the hashes are keyed with; another one sees none of the entries of this one
   * @param groups the keys of each group by its name
   */
  public Scopes(byte[] secret, Map<String, List<String>> groups) {
    Checks.inRange("bytes of the scope secret", secret.length, SHORTEST_SECRET, 1 << 16);
    this.secret = new SecretKeySpec(secret, ALGORITHM);
    groups.forEach(
        (name, keys) -> {
          for (String key : keys) {
            if (this.groups.putIfAbsent(hash(key), name) != null) {
              throw new IllegalArgumentException(
                  "a key of group '" + name + "' is named twice; a key is in one group");
            }
          }
        });
  }

  /**
   * Returns the scope of who shows {@code key}.
   *
   * @param key the key, empty for none
   * @param user what a login proxy says of the user, empty for nothing
   * @param name a scope within that, empty for none
   */
  public Scope of(String key, String user, String name) {
    String hash = hash(key);
    String group = groups.get(hash);
    String base = group == null ? KEY + hash : GROUP + group;
    if (!user.isEmpty()) {
      base = USER + hash(base + "\n" + user);
    }
    return Scope.of(name.isEmpty() ? base : base + "/" + name);
  }

  /**
   * Returns who asks with {@code key} among those who share its scope. Empty for a key that shares
   * its scope with no other.
   */
  public Optional<Contributor> contributor(String key) {
    String hash = hash(key);
    return groups.containsKey(hash)
        ? Optional.of(Contributor.of(hash.substring(0, CONTRIBUTOR_DIGITS)))
        : Optional.empty();
  }

  /**
   * Returns what tells one scope secret from another and does not give it away: entries of a
   * gateway with another one are not found under this one's scopes.
   */
  public String issuer() {
    return hash("issuer of scopes\n").substring(0, ISSUER_DIGITS);
  }

  /**
   * Returns whether the name of {@code scope} comes from the secret, and not from the name of a
   * group.
   */
  public static boolean isHashed(Scope scope) {
    return scope.name().startsWith(KEY) || scope.name().startsWith(USER);
  }

  /** Returns what people call the scope of that name: of a hash only the first digits. */
  public static String label(String scope) {
    if (scope.startsWith(GROUP)) {
      return scope.substring(GROUP.length());
    }
    String prefix = scope.startsWith(USER) ? USER : KEY;
    int end = scope.indexOf('/') < 0 ? scope.length() : scope.indexOf('/');
    return scope.startsWith(prefix) && end > prefix.length() + LABEL_DIGITS
        ? prefix.replace(':', ' ')
            + scope.substring(prefix.length(), prefix.length() + LABEL_DIGITS)
            + scope.substring(end)
        : scope;
  }

  /** Returns the keyed hash of {@code key}, which may be a secret. */
  public String hash(String key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return HexFormat.of().formatHex(mac.doFinal(key.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
