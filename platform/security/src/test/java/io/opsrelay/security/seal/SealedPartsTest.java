package io.opsrelay.security.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.security.seal.SealedParts.Keys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SealedPartsTest {

    private static final Keys KEYS = SealedParts.newKeys();
    private static final Keys OTHERS = SealedParts.newKeys();
    private static final byte[] CONTENT = "{\"email\":\"mary.major@example.org\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void whatWasSealedOpensWithThePrivateKeyForWhatItWasSealedFor() {
        List<String> sealed = SealedParts.seal(KEYS.publicKey(), CONTENT, "a/b/c");

        assertThat(sealed).hasSize(1);
        assertThat(SealedParts.open(KEYS.privateKey(), sealed, "a/b/c")).isEqualTo(CONTENT);
        assertThatThrownBy(() -> SealedParts.open(KEYS.privateKey(), sealed, "a/b/d"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a/b/d");
        assertThatThrownBy(() -> SealedParts.open(OTHERS.privateKey(), sealed, "a/b/c"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingOfTheContentCanBeReadAndNoTwoSealsAreAlike() {
        String once = SealedParts.seal(KEYS.publicKey(), CONTENT, "a").getFirst();
        String again = SealedParts.seal(KEYS.publicKey(), CONTENT, "a").getFirst();

        assertThat(new String(Base64.getDecoder().decode(once), StandardCharsets.ISO_8859_1))
                .doesNotContain("email", "mary", "major");
        assertThat(once).isNotEqualTo(again);
        assertThat(once.substring(0, 100)).isNotEqualTo(again.substring(0, 100));
    }

    @Test
    void aLargeContentIsCutIntoPartsThatOpenTogetherAndInTheirOrderOnly() {
        byte[] large = new byte[3 * SealedParts.MOST_BYTES - 10_000];
        new Random(1).nextBytes(large);

        List<String> sealed = SealedParts.seal(KEYS.publicKey(), large, "a");

        assertThat(sealed).hasSize(3);
        assertThat(sealed).allSatisfy(part -> assertThat(Base64.getDecoder().decode(part).length)
                .isLessThanOrEqualTo(SealedParts.MOST_BYTES));
        assertThat(SealedParts.open(KEYS.privateKey(), sealed, "a")).isEqualTo(large);
        assertThatThrownBy(() -> SealedParts.open(KEYS.privateKey(), sealed.reversed(), "a"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SealedParts.open(KEYS.privateKey(), sealed.subList(0, 2), "a"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasChangedOrIsNoPartAtAllIsRefused() {
        byte[] bytes = Base64.getDecoder()
                .decode(SealedParts.seal(KEYS.publicKey(), CONTENT, "a").getFirst());
        List<String> broken = new ArrayList<>(List.of("", "AAAA", "no base64"));
        for (int at : new int[] {0, 390, bytes.length - 1}) {
            byte[] changed = bytes.clone();
            changed[at] ^= 1;
            broken.add(Base64.getEncoder().encodeToString(changed));
        }

        assertThat(broken)
                .allSatisfy(part -> assertThatThrownBy(() -> SealedParts.open(KEYS.privateKey(), List.of(part), "a"))
                        .isInstanceOf(IllegalArgumentException.class));
        assertThatThrownBy(() -> SealedParts.seal("AAAA", CONTENT, "a")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void thePrivateKeyStaysOutOfLogs() {
        assertThat(KEYS.toString()).doesNotContain(KEYS.privateKey());
    }
}
