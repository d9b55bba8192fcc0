package io.opsrelay.security.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests whose addresses others chose. A name is looked up once, by the connection that is then made, so that what
 * was judged is what is spoken to; all of a name's addresses must be public unless the exchange allows others. It follows
 * no redirect, keeps no cookie, uses no proxy, unpacks nothing and sends nothing twice.
 */
public final class GuardedHttp implements AutoCloseable {

    private static final int CONNECTIONS = 2_000;
    private static final int CONNECTIONS_OF_A_SERVER = 200;
    private static final Timeout CONNECT = Timeout.ofSeconds(10);
    private static final TimeValue LONGEST_LIFE = TimeValue.ofMinutes(1);

    private final CloseableHttpClient outside;
    private final CloseableHttpClient anywhere;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Looks names up as the machine does. */
    public GuardedHttp() {
        this(InetAddress::getAllByName);
    }

    GuardedHttp(Names names) {
        this.outside = client(new Guard(names, false));
        this.anywhere = client(new Guard(names, true));
    }

    private static CloseableHttpClient client(DnsResolver resolver) {
        return HttpClientBuilder.create()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(resolver)
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS_OF_A_SERVER)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setTimeToLive(LONGEST_LIFE)
                                .setValidateAfterInactivity(TimeValue.ofSeconds(1))
                                .build())
                        .build())
                // A proxy would look the name up anew, where nobody judges what comes of it.
                .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE))
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableContentCompression()
                .setUserAgent("OpsRelay")
                .build();
    }

    /**
     * Sends a request and has its answer read, all within its time.
     *
     * @throws OutboundException with the reason, if there is no answer
     */
    public <T> T send(Exchange exchange, Exchange.Reader<T> reader) {
        return send(
                exchange,
                exchange.body().length == 0 ? null : new ByteArrayEntity(exchange.body(), ContentType.APPLICATION_JSON),
                reader);
    }

    /**
     * Sends a request whose body is made on the way, in the place of the exchange's own.
     *
     * @throws OutboundException with the reason, if there is no answer
     */
    public <T> T send(Exchange exchange, Exchange.Content body, Exchange.Reader<T> reader) {
        return send(exchange, new Made(body), reader);
    }

    private <T> T send(Exchange exchange, @Nullable HttpEntity body, Exchange.Reader<T> reader) {
        HttpUriRequestBase request = new HttpUriRequestBase(exchange.method(), exchange.uri());
        exchange.headers().forEach(request::setHeader);
        if (body != null) {
            request.setEntity(body);
        }
        Timeout timeout = Timeout.of(exchange.timeout());
        request.setConfig(RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout)
                .setProtocolUpgradeEnabled(false)
                .build());
        Future<T> answer = threads.submit(() -> answer(exchange, request, reader));
        try {
            return answer.get(exchange.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw timedOut(exchange, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        } catch (ExecutionException e) {
            throw trouble(exchange, e.getCause() == null ? e : e.getCause());
        } finally {
            if (!answer.isDone()) {
                request.cancel();
                answer.cancel(true);
            }
        }
    }

    private <T> T answer(Exchange exchange, HttpUriRequestBase request, Exchange.Reader<T> reader) throws IOException {
        CloseableHttpClient client = exchange.allowPrivate() ? anywhere : outside;
        HttpHost server = new HttpHost(
                exchange.uri().getScheme(),
                exchange.uri().getHost(),
                exchange.uri().getPort());
        ClassicHttpResponse response = client.executeOpen(server, request, null);
        HttpEntity entity = response.getEntity();
        BoundedBody body = new BoundedBody(
                entity == null ? InputStream.nullInputStream() : entity.getContent(), exchange.mostBytes());
        try {
            return reader.read(new Exchange.Head(response.getCode(), headersOf(response)), body);
        } finally {
            if (!body.ended()) {
                // Closing alone would read on to an end that may never come.
                request.cancel();
            }
            closeQuietly(response);
        }
    }

    private static void closeQuietly(ClassicHttpResponse response) {
        try {
            response.close();
        } catch (IOException e) {
            // Everything that is wanted of it was read.
        }
    }

    private static Map<String, String> headersOf(ClassicHttpResponse response) {
        Map<String, String> headers = new TreeMap<>();
        response.headerIterator()
                .forEachRemaining(header -> headers.putIfAbsent(
                        header.getName().toLowerCase(Locale.ROOT), String.valueOf(header.getValue())));
        return headers;
    }

    private static OutboundException timedOut(Exchange exchange, Throwable cause) {
        return new OutboundException(
                "timed out", "did not answer within " + exchange.timeout().toMillis() + " ms", true, cause);
    }

    private static RuntimeException trouble(Exchange exchange, Throwable cause) {
        return switch (cause) {
            case RefusedAddressException refused ->
                new OutboundException(
                        "refused address",
                        "has an address that is " + refused.kind + ", and such addresses are not allowed",
                        false,
                        refused);
            case BoundedBody.TooLongException e ->
                new OutboundException(
                        "too long", "answered with more than " + exchange.mostBytes() / 1024 + " KiB", true, e);
            case SocketTimeoutException e -> timedOut(exchange, e);
            case UnknownHostException e ->
                new OutboundException("unknown host", "has a name that is not known", true, e);
            case ConnectException e -> new OutboundException("unreachable", "cannot be reached", true, e);
            case NoRouteToHostException e -> new OutboundException("unreachable", "cannot be reached", true, e);
            case SSLException e -> new OutboundException("no TLS", "does not prove by TLS who it is", true, e);
            case IOException e -> new OutboundException("broken off", "broke the connection off", true, e);
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(cause);
        };
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        outside.close();
        anywhere.close();
    }

    /** A body that is made while it is sent. */
    private static final class Made extends AbstractHttpEntity {

        private final Exchange.Content content;

        Made(Exchange.Content content) {
            super(ContentType.APPLICATION_JSON, null);
            this.content = content;
        }

        @Override
        public long getContentLength() {
            return content.length();
        }

        @Override
        public InputStream getContent() throws IOException {
            return content.open();
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public void close() {
            // Whoever opens the content closes it.
        }
    }

    /** Looks a name up. */
    @FunctionalInterface
    interface Names {

        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    /** Stands between a name and the connection to it. */
    private record Guard(Names names, boolean allowPrivate) implements DnsResolver {

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] found = names.resolve(host);
            for (InetAddress address : allowPrivate ? new InetAddress[0] : found) {
                String kind = PublicAddresses.objection(address);
                if (kind != null) {
                    throw new RefusedAddressException(kind);
                }
            }
            return found;
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    /** A name that leads to where nothing may go. */
    private static final class RefusedAddressException extends UnknownHostException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final String kind;

        RefusedAddressException(String kind) {
            super("the address is " + kind);
            this.kind = kind;
        }
    }
}
