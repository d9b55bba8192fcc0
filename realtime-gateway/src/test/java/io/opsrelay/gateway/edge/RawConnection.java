package io.opsrelay.gateway.edge;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One HTTP/1.1 connection, whose every turn a test can see; clients proper hide what they repeat. */
final class RawConnection implements AutoCloseable {

    private final Socket socket = new Socket();
    private int requests;

    RawConnection(int port) throws IOException {
        socket.setSoTimeout(60_000);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress("127.0.0.1", port), 60_000);
    }

    /** @param last whether the answer said that it is the last of this connection */
    record Answer(int status, boolean last) {}

    Answer post(String path, String bearer, String body) throws IOException {
        send(path, bearer, body);
        return answer();
    }

    void send(String path, String bearer, String body) throws IOException {
        requests++;
        socket.getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Authorization: " + bearer + "\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Bytes as they are; as many requests as there are in them. */
    void sendRaw(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    Answer answer() throws IOException {
        InputStream in = socket.getInputStream();
        int status = Integer.parseInt(line(in).split(" ")[1]);
        boolean last = false;
        boolean chunked = false;
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            last |= lower.equals("connection: close");
            chunked |= lower.equals("transfer-encoding: chunked");
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
        }
        if (chunked) {
            for (int size = chunk(in); size > 0; size = chunk(in)) {
                skip(in, size + 2);
            }
            skip(in, 2);
        } else {
            skip(in, length);
        }
        return new Answer(status, last);
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static void skip(InputStream in, int bytes) throws IOException {
        if (in.readNBytes(bytes).length < bytes) {
            throw new EOFException("the answer broke off");
        }
    }

    /** Requests that were begun. */
    int requests() {
        return requests;
    }

    /** Whether something has come already. */
    boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    boolean endsNow() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true; // something was sent just when it ended
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
