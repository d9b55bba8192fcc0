package io.opsrelay.ingestion.mailout.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A provider's HTTP API as its documentation shows it. */
abstract class FakeProvider implements AutoCloseable {

    private final HttpServer server;
    private final Queue<Answer> next = new ConcurrentLinkedQueue<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private volatile boolean lose;

    /** @param headers names and values in turn */
    record Answer(int status, String body, String... headers) {}

    FakeProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next request is answered so. */
    void answerNext(Answer answer) {
        next.add(answer);
    }

    void loseNextAnswer() {
        lose = true;
    }

    /** Bodies of what was taken. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** What a request gets that is right, or is wrong by itself. */
    abstract Answer judge(HttpExchange exchange, String body);

    private void serve(HttpExchange exchange) throws IOException {
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        // Parts hold files, which are no text.
        String body = new String(
                exchange.getRequestBody().readAllBytes(),
                type.startsWith("multipart/") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        Answer planned = next.poll();
        Answer answer = planned == null ? judge(exchange, body) : planned;
        if (answer.status() < 300) {
            bodies.add(body);
        }
        if (lose) {
            lose = false;
            exchange.close();
            throw new IOException("lost on purpose");
        }
        for (int i = 0; i < answer.headers().length; i += 2) {
            exchange.getResponseHeaders().set(answer.headers()[i], answer.headers()[i + 1]);
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static boolean has(HttpExchange exchange, String name, String value) {
        return value.equals(exchange.getRequestHeaders().getFirst(name));
    }

    /** Fields by name; a file by {@code attachment:} and its name, as its digest. */
    static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        if (body.startsWith("--")) {
            String boundary = body.substring(0, body.indexOf("\r\n"));
            for (String part : body.split(Pattern.quote("\r\n" + boundary), -1)) {
                int end = part.indexOf("\r\n\r\n");
                if (end < 0) {
                    continue; // the last
                }
                String head = utf8(part.substring(0, end));
                String value = part.substring(end + 4);
                String file = parameter(head, "filename");
                form.put(
                        file == null ? String.valueOf(parameter(head, "name")) : "attachment:" + file,
                        file == null
                                ? utf8(value)
                                : MailSenderContract.digest(value.getBytes(StandardCharsets.ISO_8859_1)));
            }
            return form;
        }
        for (String field : body.split("&")) {
            int is = field.indexOf('=');
            form.put(
                    URLDecoder.decode(field.substring(0, is), StandardCharsets.UTF_8),
                    URLDecoder.decode(field.substring(is + 1), StandardCharsets.UTF_8));
        }
        return form;
    }

    private static String utf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static @Nullable String parameter(String head, String name) {
        Matcher matcher = Pattern.compile("[; ]" + name + "=\"([^\"]*)\"").matcher(head);
        return matcher.find() ? matcher.group(1) : null;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
