package io.opsrelay.gateway.stream;

import io.netty.buffer.ByteBuf;

/** A text message as one unmasked WebSocket frame (RFC 6455, section 5.2), which is how servers send. */
final class WireFrame {

    private static final int FINAL_TEXT = 0x81;
    private static final int LARGEST_HEADER = 10;

    private WireFrame() {}

    /** The most bytes that a message of this length becomes. */
    static int size(int length) {
        return length + LARGEST_HEADER;
    }

    /** Writes header and text. */
    static void write(ByteBuf into, byte[] text) {
        into.writeByte(FINAL_TEXT);
        if (text.length < 126) {
            into.writeByte(text.length);
        } else if (text.length <= 0xffff) {
            into.writeByte(126);
            into.writeShort(text.length);
        } else {
            into.writeByte(127);
            into.writeLong(text.length);
        }
        into.writeBytes(text);
    }
}
