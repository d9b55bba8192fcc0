package io.opsrelay.gateway.stream;

import static io.opsrelay.gateway.stream.RawFrames.BINARY;
import static io.opsrelay.gateway.stream.RawFrames.CLOSE;
import static io.opsrelay.gateway.stream.RawFrames.CONTINUATION;
import static io.opsrelay.gateway.stream.RawFrames.FIN;
import static io.opsrelay.gateway.stream.RawFrames.PING;
import static io.opsrelay.gateway.stream.RawFrames.PONG;
import static io.opsrelay.gateway.stream.RawFrames.TEXT;
import static io.opsrelay.gateway.stream.RawFrames.frame;
import static io.opsrelay.gateway.stream.RawFrames.handshake;
import static io.opsrelay.gateway.stream.RawFrames.reason;
import static io.opsrelay.gateway.stream.RawFrames.unmasked;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** RFC 6455, octet by octet: what a client may send, and what ends its connection with which code. */
class WebSocketConformanceTest extends GatewayTest {

    private static final String HEARTBEAT = "{\"type\":\"heartbeat\"}";
    private static final int RSV1 = 0x40;
    private static final int RSV2 = 0x20;
    private static final int RSV3 = 0x10;

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    // Messages

    @ParameterizedTest
    @ValueSource(ints = {20, 125, 126, 127, 65_535, 65_536})
    void aMessageOfEachSizeIsRead(int size) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | TEXT, padded(size)));

            socket.await("heartbeat");
        }
    }

    @Test
    void aMessageMayComeOctetByOctet() throws IOException {
        try (RawFrames socket = authenticated()) {
            for (byte octet : frame(FIN | TEXT, padded(126))) {
                socket.send(new byte[] {octet});
            }

            socket.await("heartbeat");
        }
    }

    @Test
    void severalFramesMayComeInOnePiece() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | TEXT, HEARTBEAT), frame(FIN | PING, "1"), frame(FIN | TEXT, HEARTBEAT));

            assertThat(socket.next().json().get("type").asString()).isEqualTo("heartbeat");
            assertThat(socket.next().opcode()).isEqualTo(PONG);
            assertThat(socket.next().json().get("type").asString()).isEqualTo("heartbeat");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            two parts                | {"type":"hea         , rtbeat"}
            an empty first part      | -                    , {"type":"heartbeat"}
            an empty last part       | {"type":"heartbeat"} , -
            an empty part in between | {"type":             , -                    , "heartbeat"}
            several empty parts      | -                    , {"type":"heartbeat"} , -            , -
            """)
    void aMessageMayComeInParts(String name, String parts) throws IOException {
        try (RawFrames socket = authenticated()) {
            String[] texts = parts.split(",");
            for (int n = 0; n < texts.length; n++) {
                int last = n == texts.length - 1 ? FIN : 0;
                socket.send(frame(
                        last | (n == 0 ? TEXT : CONTINUATION), texts[n].strip().replace("-", "")));
            }

            socket.await("heartbeat");
        }
    }

    @Test
    void aMessageMayComeInAsManyPartsAsItHasOctets() throws IOException {
        try (RawFrames socket = authenticated()) {
            for (int n = 0; n < HEARTBEAT.length(); n++) {
                int last = n == HEARTBEAT.length() - 1 ? FIN : 0;
                socket.send(frame(last | (n == 0 ? TEXT : CONTINUATION), HEARTBEAT.substring(n, n + 1)));
            }

            socket.await("heartbeat");
        }
    }

    @Test
    void partsCountAsFramesSoThatEmptyOnesDoNotComeForEver() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(TEXT, ""));
            byte[] nothing = frame(CONTINUATION, "");
            for (int n = 0; n < 100; n++) {
                socket.send(nothing);
            }

            assertThat(socket.awaitCloseCode()).isEqualTo(4429);
        }
    }

    @Test
    void aFrameOverTheLimitEndsTheConnectionBeforeItHasCome() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(Arrays.copyOf(frame(FIN | TEXT, padded(65_537)), 14));

            assertThat(socket.awaitCloseCode()).isEqualTo(1009);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff7f" + "0000000000000005", "ff7e" + "0005", "ffff" + "ffffffffffffffff"})
    void aLengthThatIsNotWrittenInItsShortestFormOrIsNegativeEndsTheConnection(String head) throws IOException {
        try (RawFrames socket = authenticated()) {
            byte[] frame = HexFormat.of().parseHex(head);
            frame[0] = (byte) (FIN | TEXT);
            frame[1] |= (byte) 0x80;
            socket.send(frame);

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @Test
    void aBinaryFrameIsNotForThisProtocol() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | BINARY, HEARTBEAT));

            assertThat(socket.awaitCloseCode()).isEqualTo(1003);
        }
    }

    // Control frames

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125})
    void aPingIsAnsweredWithItsPayload(int size) throws IOException {
        byte[] payload = padded(Math.max(size, HEARTBEAT.length()));
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | PING, Arrays.copyOf(payload, size)));

            RawFrames.Frame pong = socket.next();
            assertThat(pong.last()).isTrue();
            assertThat(pong.opcode()).isEqualTo(PONG);
            assertThat(pong.payload()).isEqualTo(Arrays.copyOf(payload, size));
        }
    }

    @Test
    void aPingInTheMiddleOfAMessageIsAnsweredAtOnceAndTheMessageIsRead() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(TEXT, "{\"type\":\"hea"), frame(FIN | PING, "now"));
            RawFrames.Frame pong = socket.next();
            assertThat(pong.opcode()).isEqualTo(PONG);
            assertThat(pong.text()).isEqualTo("now");

            socket.send(frame(FIN | CONTINUATION, "rtbeat\"}"));
            socket.await("heartbeat");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nobody asked"})
    void aPongThatNobodyAskedForIsIgnored(String payload) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(
                    frame(FIN | PONG, payload),
                    frame(TEXT, "{\"type\":\"hea"),
                    frame(FIN | PONG, payload),
                    frame(FIN | CONTINUATION, "rtbeat\"}"));

            assertThat(socket.next().json().get("type").asString()).isEqualTo("heartbeat");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG})
    void pingsAndPongsCountAsFrames(int opcode) throws IOException {
        try (RawFrames socket = authenticated()) {
            for (int n = 0; n < 101; n++) {
                socket.send(frame(FIN | opcode, ""));
            }

            assertThat(socket.awaitCloseCode()).isEqualTo(4429);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void aControlFrameOfMoreThan125OctetsEndsTheConnection(int opcode) throws IOException {
        try (RawFrames socket = authenticated()) {
            byte[] payload = padded(126);
            payload[0] = 1000 >> 8;
            payload[1] = (byte) 1000;
            socket.send(frame(FIN | opcode, payload));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {PING, PONG, CLOSE})
    void aControlFrameInPartsEndsTheConnection(int opcode) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(opcode, ""), frame(FIN | CONTINUATION, ""));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    // Frames that there are not

    static IntStream reservedBits() {
        return IntStream.of(RSV1, RSV2, RSV3)
                .flatMap(bit -> IntStream.of(TEXT, PING, PONG, CLOSE).map(opcode -> FIN | bit | opcode));
    }

    @ParameterizedTest
    @MethodSource("reservedBits")
    void aReservedBitEndsTheConnectionSinceNoExtensionWasAgreedOn(int first) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(first, (first & 0x0f) == TEXT ? HEARTBEAT : ""));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void aReservedOpcodeEndsTheConnection(int opcode) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | opcode, ""));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @Test
    void aFrameWithoutAMaskEndsTheConnection() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(unmasked(FIN | TEXT, HEARTBEAT.getBytes(StandardCharsets.US_ASCII)));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {CONTINUATION, FIN | CONTINUATION})
    void aPartOfNoMessageEndsTheConnection(int first) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | TEXT, HEARTBEAT), frame(first, HEARTBEAT));

            socket.await("heartbeat");
            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {TEXT, FIN | TEXT, FIN | BINARY})
    void aMessageInTheMiddleOfAnotherEndsTheConnection(int first) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(TEXT, "{\"type\":"), frame(first, HEARTBEAT));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    // UTF-8

    @ParameterizedTest
    @CsvSource(textBlock = """
            a lone continuation octet,     80
            an octet that there is not,    ff
            an overlong slash,             c0af
            a longer overlong slash,       e080af
            an overlong zero,              c080
            a surrogate,                   eda080
            a pair of surrogates,          eda0bdedb880
            beyond the last code point,    f4908080
            a character that is cut short, e282
            a longer one cut short,        f09f98
            a head without its tail,       c341
            """)
    void textThatIsNotUtf8EndsTheConnection(String name, String hex) throws IOException {
        byte[] text = concat(
                "{\"type\":\"".getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().parseHex(hex));
        try (RawFrames socket = authenticated();
                RawFrames another = authenticated()) {
            socket.send(frame(FIN | TEXT, text));
            assertThat(socket.awaitCloseCode()).as("whole").isEqualTo(1007);

            int cut = text.length - 1;
            another.send(
                    frame(TEXT, Arrays.copyOf(text, cut)),
                    frame(FIN | CONTINUATION, Arrays.copyOfRange(text, cut, text.length)));
            assertThat(another.awaitCloseCode()).as("in two parts").isEqualTo(1007);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ä", "€", "😀"})
    void aCharacterMayBeCutByTheEndOfAPart(String character) throws IOException {
        byte[] text = ("{\"type\":\"heartbeat\",\"data\":{\"" + character + "\":1}}").getBytes(StandardCharsets.UTF_8);
        int begin = text.length - 5 - character.getBytes(StandardCharsets.UTF_8).length;
        for (int cut = begin + 1; cut < text.length - 5; cut++) {
            try (RawFrames socket = authenticated()) {
                socket.send(
                        frame(TEXT, Arrays.copyOf(text, cut)),
                        frame(FIN | CONTINUATION, Arrays.copyOfRange(text, cut, text.length)));

                assertThat(socket.next().json().get("type").asString()).isEqualTo("heartbeat");
            }
        }
    }

    // The end

    @Test
    void aCloseWithoutACodeIsAnsweredByOneWithout() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | CLOSE, ""));

            assertThat(socket.awaitClose()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999})
    void aCloseIsAnsweredWithItsCodeAndTcpEnds(int code) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | CLOSE, reason(code, "adieu, c'était bien".getBytes(StandardCharsets.UTF_8))));

            assertThat(socket.awaitCloseCode()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_767, 32_768, 65_535})
    void aCloseWithACodeThatNobodyMaySendIsAnsweredWithAnother(int code) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | CLOSE, reason(code, new byte[0])));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @Test
    void aCloseWithHalfACodeIsAnsweredWithAnother() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | CLOSE, new byte[] {3}));

            assertThat(socket.awaitCloseCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "61c3", "c080", "eda080"})
    void aCloseWhoseReasonIsNotUtf8IsAnsweredWithAnotherCode(String hex) throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(frame(FIN | CLOSE, reason(1000, HexFormat.of().parseHex(hex))));

            assertThat(socket.awaitCloseCode()).isEqualTo(1007);
        }
    }

    @Test
    void whatComesAfterACloseHasNoEffect() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(
                    frame(FIN | CLOSE, reason(1000, new byte[0])),
                    frame(FIN | TEXT, HEARTBEAT),
                    frame(FIN | PING, "still there?"),
                    frame(FIN | CLOSE, reason(1001, new byte[0])));

            RawFrames.Frame first = socket.next();
            assertThat(first.opcode()).isEqualTo(CLOSE);
            assertThat(first.payload()).isEqualTo(reason(1000, new byte[0]));
            socket.assertEnds();
        }
    }

    @Test
    void whatComesAfterAFaultHasNoEffect() throws IOException {
        try (RawFrames socket = authenticated()) {
            socket.send(
                    frame(FIN | 3, ""),
                    frame(FIN | TEXT, HEARTBEAT),
                    frame(FIN | PING, "still there?"),
                    frame(FIN | CLOSE, reason(1000, new byte[0])));

            assertThat(socket.next().opcode()).isEqualTo(CLOSE);
            socket.assertEnds();
        }
    }

    // The handshake

    @Test
    void theAnswerToTheHandshakeProvesThatItWasRead() throws IOException {
        try (RawFrames socket = RawFrames.tcp(port)) {
            socket.send(handshake("/ws", "Sec-WebSocket-Extensions: permessage-deflate"));

            RawFrames.Answer answer = socket.answer();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers()).containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(answer.headers()).doesNotContainKey("sec-websocket-extensions");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "7", "8", "14", "thirteen"})
    void anotherVersionIsToldWhichOneIsSpoken(String version) throws IOException {
        String handshake = new String(handshake("/ws"), StandardCharsets.US_ASCII)
                .replace(
                        "Sec-WebSocket-Version: 13\r\n",
                        version.isEmpty() ? "" : "Sec-WebSocket-Version: " + version + "\r\n");
        try (RawFrames socket = RawFrames.tcp(port)) {
            socket.send(handshake.getBytes(StandardCharsets.US_ASCII));

            RawFrames.Answer answer = socket.answer();
            assertThat(answer.status()).isEqualTo(426);
            assertThat(answer.headers()).containsEntry("sec-websocket-version", "13");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Sec-WebSocket-Key: nonsense\r\n", "Sec-WebSocket-Key: c2hvcnQ=\r\n"})
    void aHandshakeWithoutAKeyIsRefused(String key) throws IOException {
        String handshake =
                new String(handshake("/ws"), StandardCharsets.US_ASCII).replaceFirst("Sec-WebSocket-Key: .*\r\n", key);
        try (RawFrames socket = RawFrames.tcp(port)) {
            socket.send(handshake.getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.answer().status()).isEqualTo(400);
        }
    }

    /** 4.1: a client must wait for the answer. Until then Netty takes what comes for a next request, and skips it. */
    @Test
    void framesThatComeBeforeTheHandshakeWasAnsweredHaveNoEffect() throws IOException {
        try (RawFrames socket = RawFrames.tcp(port)) {
            socket.send(handshake("/ws"), frame(FIN | TEXT, HEARTBEAT));
            assertThat(socket.answer().status()).isEqualTo(101);
            socket.send(frame(
                    FIN | TEXT,
                    "{\"type\":\"auth\",\"data\":{\"token\":\"" + TestTokens.token(client, "u", Role.VIEWER) + "\"}}"));

            JsonNode first = socket.next().json();
            assertThat(first.get("type").asString())
                    .as("no error, as for a heartbeat before auth")
                    .isEqualTo("auth_success");
        }
    }

    private RawFrames authenticated() throws IOException {
        RawFrames socket = RawFrames.open(port, "/ws", "Authorization: " + TestTokens.bearer(client, "u", Role.VIEWER));
        socket.await("auth_success");
        return socket;
    }

    /** A heartbeat of that many octets. */
    private static byte[] padded(int size) {
        byte[] text = new byte[size];
        Arrays.fill(text, (byte) ' ');
        System.arraycopy(HEARTBEAT.getBytes(StandardCharsets.US_ASCII), 0, text, 0, HEARTBEAT.length());
        return text;
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
