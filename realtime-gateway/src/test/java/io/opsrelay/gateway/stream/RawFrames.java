package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A WebSocket over plain TCP that sends whatever it is told to; clients proper send nothing that is wrong. */
final class RawFrames implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FIN = 0x80;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};
    private static final int PATIENCE_MS = 60_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    private RawFrames(String from, int port, int receiveBufferBytes) throws IOException {
        if (receiveBufferBytes > 0) {
            socket.setReceiveBufferSize(receiveBufferBytes);
        }
        socket.bind(new InetSocketAddress(from, 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MS);
        this.in = new DataInputStream(socket.getInputStream());
    }

    /** A frame of the gateway's. */
    record Frame(boolean last, int opcode, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JsonMapper.shared().readTree(payload);
        }
    }

    /** The answer to a handshake. */
    record Answer(int status, Map<String, String> headers) {}

    /** Connects TCP alone. */
    static RawFrames tcp(int port) throws IOException {
        return tcp("127.0.0.1", port);
    }

    /** Connects TCP alone, from another of this machine's addresses: all of 127.0.0.0/8 are. */
    static RawFrames tcp(String from, int port) throws IOException {
        return new RawFrames(from, port, 0);
    }

    /** Connects TCP alone; the kernel takes little for it while it does not read. */
    static RawFrames slow(int port) throws IOException {
        return new RawFrames("127.0.0.1", port, 4096);
    }

    /**
     * Connects, and is let in.
     *
     * @param headers whole lines, beside the handshake's own
     */
    static RawFrames open(int port, String path, String... headers) throws IOException {
        RawFrames frames = tcp(port);
        frames.send(handshake(path, headers));
        assertThat(frames.answer().status()).isEqualTo(101);
        return frames;
    }

    /** The bytes that ask for a WebSocket. */
    static byte[] handshake(String path, String... headers) {
        List<String> lines = new ArrayList<>(List.of(
                "GET " + path + " HTTP/1.1",
                "Host: localhost",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
        lines.addAll(List.of(headers));
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * A masked frame, as a client must send it.
     *
     * @param first its first byte: FIN, reserved bits, opcode
     */
    static byte[] frame(int first, byte[] payload) {
        return frame(first, payload, true);
    }

    static byte[] frame(int first, String payload) {
        return frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] unmasked(int first, byte[] payload) {
        return frame(first, payload, false);
    }

    /** A close frame's payload. */
    static byte[] reason(int code, byte[] text) {
        return ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array();
    }

    private static byte[] frame(int first, byte[] payload, boolean masked) {
        int mark = masked ? 0x80 : 0;
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            frame.put((byte) (mark | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (mark | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (mark | 127)).putLong(payload.length);
        }
        if (masked) {
            frame.put(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (masked ? payload[i] ^ MASK[i % 4] : payload[i]));
        }
        byte[] bytes = new byte[frame.flip().remaining()];
        frame.get(bytes);
        return bytes;
    }

    /** All of it in one piece. */
    RawFrames send(byte[]... pieces) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.write(piece);
        }
        socket.getOutputStream().write(all.toByteArray());
        return this;
    }

    Answer answer() throws IOException {
        int status = Integer.parseInt(line().split(" ")[1]);
        Map<String, String> headers = new HashMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        return new Answer(status, headers);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** The next frame, whatever it is. */
    Frame next() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        assertThat(length & 0x80).as("a server does not mask").isZero();
        assertThat(first & 0x70).as("reserved bits").isZero();
        long size = length < 126 ? length : length == 126 ? in.readUnsignedShort() : in.readLong();
        byte[] payload = in.readNBytes((int) size);
        return new Frame((first & 0x80) != 0, first & 0x0f, payload);
    }

    /** The next message of the protocol's, of that type. */
    JsonNode await(String type) throws IOException {
        Frame frame = next();
        while (frame.opcode() != TEXT || !frame.json().get("type").asString().equals(type)) {
            assertThat(frame.opcode()).as("closed: %s", frame.text()).isNotEqualTo(CLOSE);
            frame = next();
        }
        return frame.json();
    }

    /** The payload of the close frame that comes, after which there is nothing but the connection's end. */
    byte[] awaitClose() throws IOException {
        Frame frame = next();
        while (frame.opcode() != CLOSE) {
            frame = next();
        }
        assertEnds();
        return frame.payload();
    }

    /** As {@link #awaitClose}: its code. */
    int awaitCloseCode() throws IOException {
        return Short.toUnsignedInt(ByteBuffer.wrap(awaitClose()).getShort());
    }

    /** TCP ends, and nothing comes before that. */
    void assertEnds() throws IOException {
        assertThat(in.read()).as("what comes instead of the end").isNegative();
    }

    /** Reads to the end of TCP. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
