package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageTest {

    private final Message message = new Message(10);

    @Test
    void aCharacterMayBeCutBetweenFragments() throws CharacterCodingException {
        byte[] umlaut = "aö".getBytes(StandardCharsets.UTF_8);
        message.add(Unpooled.wrappedBuffer(umlaut, 0, 2));
        message.add(Unpooled.wrappedBuffer(umlaut, 2, 1));

        assertThat(message.take()).isEqualTo("aö");
        assertThat(message.take()).isEmpty();
    }

    @Test
    void invalidUtf8IsRefusedAndTheNextMessageIsRead() throws CharacterCodingException {
        message.add(Unpooled.wrappedBuffer(new byte[] {(byte) 0xc3, (byte) 0x28}));

        assertThatThrownBy(message::take).isInstanceOf(CharacterCodingException.class);
        message.add(Unpooled.copiedBuffer("b", StandardCharsets.UTF_8));
        assertThat(message.take()).isEqualTo("b");
    }

    @Test
    void fragmentsCountTogether() {
        assertThat(message.add(Unpooled.wrappedBuffer(new byte[6]))).isTrue();
        assertThat(message.add(Unpooled.wrappedBuffer(new byte[5]))).isFalse();
    }
}
