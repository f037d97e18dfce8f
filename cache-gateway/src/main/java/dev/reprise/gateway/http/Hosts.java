package dev.reprise.gateway.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/*
 * A web page of evil.example reads http://evil.example:8080/v1/files from a gateway on 127.0.0.1 once its owner points the name there
 * (DNS rebinding). The browser sends no Origin, as the page's own site is asked, but it sends the name.
 */
/**
 * Tells by which names ({@code Host}) the gateway may be asked. On a loopback address those are the
 * names of this machine and the ones that an operator lists; elsewhere all, or the listed ones and
 * this machine's where there are any.
 */
public final class Hosts {
  /** By every name: {@value}. */
  static final String ANY = "*";

  /**
   * Names by which containers reach the loopback address of their host; nobody can register one.
   */
  private static final Set<String> OF_CONTAINERS =
      Set.of("host.docker.internal", "host.containers.internal", "host.lima.internal");

  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");
  private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,253}|\\[[0-9a-f:.]{2,45}\\]");

  private final Set<String> allowed = new TreeSet<>();
  private final boolean isChecked;

  /**
   * @param allowed names without a port, or {@link #ANY}
   * @param listening where the gateway listens, a name or an address
   * @param isLoopback whether only this machine can reach that
   */
  public Hosts(Collection<String> allowed, String listening, boolean isLoopback) {
    allowed.forEach(name -> this.allowed.add(name.toLowerCase(Locale.ROOT)));
    this.isChecked = (isLoopback || !allowed.isEmpty()) && !allowed.contains(ANY);
    this.allowed.add(bracketed(listening.toLowerCase(Locale.ROOT)));
  }

  private static String bracketed(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /**
   * Checks what an operator lists.
   *
   * @throws IllegalArgumentException if it is neither a name, an address nor {@link #ANY}
   */
  public static void check(String name) {
    if (!name.equals(ANY) && !NAME.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
      throw new IllegalArgumentException(
          "a host is a name as cache.example, or an address as [::1], without a port, or *: "
              + name);
    }
  }

  /**
   * Returns whether the gateway may be asked by the name that a request uses. One without a name
   * (HTTP/1.0) is no browser's.
   *
   * @param target the host within the request's target, null where it has none
   */
  public boolean allow(HttpFields request, @Nullable String target) {
    if (!isChecked) {
      return true;
    }
    String host = request.get("Host");
    return (host == null || isAllowed(withoutPort(host)))
        && (target == null || isAllowed(withoutPort(target)));
  }

  /** Returns whether {@code host}, without a port, is listed or this machine. */
  boolean isAllowed(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return allowed.contains(plain) || isThisMachine(plain);
  }

  /** Returns whether requests are told apart by the names that they use. */
  boolean isChecked() {
    return isChecked;
  }

  /** By its name alone: what a name leads to is its owner's to say. */
  private static boolean isThisMachine(String name) {
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals("[::1]")
        || LOOPBACK.matcher(name).matches()
        || OF_CONTAINERS.contains(name);
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }
}
