package io.opsrelay.security.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.opsrelay.security.seal.Keyring.Sealed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyringTest {

    private static final byte[] CONTENT = "jane@example.org".getBytes(StandardCharsets.UTF_8);
    private static final String FIRST = line("k1", 1, 32);
    private static final String SECOND = line("k2", 2, 32);

    @Test
    void whatWasSealedIsOpenedByItsOwnerOnly() {
        Keyring keyring = Keyring.of(List.of(FIRST), "keys");

        Sealed sealed = keyring.seal(CONTENT, "acme/1");

        assertThat(keyring.open(sealed, "acme/1")).isEqualTo(CONTENT);
        assertThatIllegalStateException().isThrownBy(() -> keyring.open(sealed, "globex/1"));
        assertThat(new String(sealed.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("jane");
    }

    @Test
    void sealingTwiceGivesTwoDifferentThings() {
        Keyring keyring = Keyring.of(List.of(FIRST), "keys");

        assertThat(keyring.seal(CONTENT, "acme/1").bytes())
                .isNotEqualTo(keyring.seal(CONTENT, "acme/1").bytes());
    }

    @Test
    void whatWasChangedIsNotOpened() {
        Keyring keyring = Keyring.of(List.of(FIRST), "keys");
        Sealed sealed = keyring.seal(CONTENT, "acme/1");

        sealed.bytes()[20] ^= 1;

        assertThatIllegalStateException().isThrownBy(() -> keyring.open(sealed, "acme/1"));
    }

    @Test
    void afterAChangeOfKeysTheNewOneSealsAndTheOldOneStillOpens() {
        Sealed old = Keyring.of(List.of(FIRST), "keys").seal(CONTENT, "acme/1");
        Keyring keyring = Keyring.of(List.of(SECOND, FIRST), "keys");

        assertThat(keyring.open(old, "acme/1")).isEqualTo(CONTENT);
        assertThat(keyring.seal(CONTENT, "acme/1").keyId()).isEqualTo("k2");
        assertThatIllegalStateException()
                .isThrownBy(() -> Keyring.of(List.of(SECOND), "keys").open(old, "acme/1"))
                .withMessageContaining("k1");
    }

    @Test
    void aWrongListOfKeysIsRefusedAndNotTold() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Keyring.of(List.of(), "keys"))
                .withMessageContaining("no key");
        assertThatIllegalStateException()
                .isThrownBy(() -> Keyring.of(List.of(line("k1", 1, 16)), "keys"))
                .withMessageContaining("32 bytes");
        assertThatIllegalStateException()
                .isThrownBy(() -> Keyring.of(List.of(FIRST, line("k1", 3, 32)), "keys"))
                .withMessageContaining("two keys");
        assertThatIllegalStateException()
                .isThrownBy(() -> Keyring.of(List.of("k1 s3cret!"), "keys"))
                .withMessageNotContaining("s3cret");
        assertThatIllegalStateException()
                .isThrownBy(() -> Keyring.of(List.of("s3cret"), "keys"))
                .withMessageNotContaining("s3cret");
    }

    private static String line(String id, int filling, int length) {
        byte[] key = new byte[length];
        Arrays.fill(key, (byte) filling);
        return id + " " + Base64.getEncoder().encodeToString(key);
    }
}
