package io.opsrelay.ingestion.intake;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A bulk request that is sent piece by piece, while its answer is read line by line. */
final class Upload implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int left;

    Upload(int port, String bearer) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(("POST /api/v1/tickets/bulk HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + bearer
                        + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    void end() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Reads the head of the answer; its status line. */
    String status() throws IOException {
        String status = rawLine();
        for (String header = rawLine(); !header.isEmpty(); header = rawLine()) {
            // on
        }
        return status;
    }

    /** The next line of the answer; null after the last one. */
    String line() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (true) {
            if (left == 0 && !nextChunk()) {
                return null;
            }
            int c = in.read();
            left--;
            if (left == 0) {
                rawLine();
            }
            if (c == '\n') {
                return text.toString(StandardCharsets.UTF_8);
            }
            text.write(c);
        }
    }

    private boolean nextChunk() throws IOException {
        String size = rawLine();
        left = Integer.parseInt(size, 16);
        return left > 0;
    }

    private String rawLine() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ended");
            }
            if (c != '\r') {
                text.write(c);
            }
        }
        return text.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
