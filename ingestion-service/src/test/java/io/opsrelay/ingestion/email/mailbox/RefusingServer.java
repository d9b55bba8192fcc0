package io.opsrelay.ingestion.email.mailbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** Stands before an IMAP server and answers some of the commands itself, with NO, as a server does that has trouble. */
final class RefusingServer implements AutoCloseable {

    private final int target;
    private final Predicate<String> refuses;
    private final ServerSocket socket;

    /** @param refuses looks at each line that a client sends */
    RefusingServer(int target, Predicate<String> refuses) {
        this.target = target;
        this.refuses = refuses;
        try {
            this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Thread.ofVirtual().start(() -> answers(server, client));
            InputStream in = client.getInputStream();
            for (byte[] line = line(in); line.length > 0; line = line(in)) {
                String text = new String(line, StandardCharsets.ISO_8859_1);
                boolean refused = refuses.test(text);
                OutputStream to = refused ? client.getOutputStream() : server.getOutputStream();
                to.write(refused ? refusal(text) : line);
            }
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    private static void answers(Socket server, Socket client) {
        try {
            server.getInputStream().transferTo(client.getOutputStream());
            client.close();
        } catch (IOException e) {
            // One of the two has gone.
        }
    }

    private static byte[] refusal(String command) {
        return (command.substring(0, command.indexOf(' ')) + " NO [UNAVAILABLE] ask again later\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
