package io.opsrelay.gateway.stream;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A text message that comes in fragments. Netty has seen to their order; here their size counts together. */
public final class Message {

    private final int largest;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

    /** @param largest in bytes */
    public Message(int largest) {
        this.largest = largest;
    }

    /** Takes a fragment; false, and nothing is kept, if the message gets too large. */
    public boolean add(ByteBuf fragment) {
        if (bytes.size() + fragment.readableBytes() > largest) {
            bytes.reset();
            return false;
        }
        byte[] copy = new byte[fragment.readableBytes()];
        fragment.getBytes(fragment.readerIndex(), copy);
        bytes.writeBytes(copy);
        return true;
    }

    /**
     * The whole message; the next may begin.
     *
     * @throws CharacterCodingException if it is not valid UTF-8
     */
    public String take() throws CharacterCodingException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } finally {
            bytes.reset();
        }
    }
}
