package dev.reprise.gateway.http;

import java.util.Locale;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers the errors that the server itself finds: headers that are too large, broken requests. */
public final class JettyErrors implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus() >= 400 ? response.getStatus() : 400;
    String words =
        status == 431
            ? "the headers are larger than the gateway takes; send fewer or shorter ones"
            : "the request cannot be served: " + HttpStatus.getMessage(status);
    String code = HttpStatus.getMessage(status).toLowerCase(Locale.ROOT);
    new Exchange(request, response, callback)
        .error(
            status < 500
                ? ApiError.ofClient(status, code.replace(' ', '_'), words)
                : ApiError.ofGateway(status, code.replace(' ', '_'), words));
    return true;
  }
}
