package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NewcomersTest {

    private final Newcomers<String> newcomers = new Newcomers<>(5, 3);

    @Test
    void whereThereIsRoomNobodyHasToGo() {
        assertThat(newcomers.add("a1", "a")).isNull();
        assertThat(newcomers.add("b1", "b")).isNull();
        assertThat(newcomers.count()).isEqualTo(2);
    }

    @Test
    void anAddressThatHasItsShareLosesItsOwnOldest() {
        fill("a", 3);

        assertThat(newcomers.add("a4", "a")).isEqualTo("a1");
        assertThat(newcomers.add("a5", "a")).isEqualTo("a2");
        assertThat(newcomers.count()).isEqualTo(3);
    }

    @Test
    void whenAllPlacesAreTakenTheAddressWithMostLosesItsOldest() {
        fill("b", 2);
        fill("a", 3);

        assertThat(newcomers.add("c1", "c")).isEqualTo("a1");
        newcomers.remove("a2");
        newcomers.remove("a2");
        assertThat(newcomers.add("c2", "c")).isNull();
        assertThat(newcomers.add("c3", "c")).isEqualTo("b1");
        assertThat(newcomers.count()).isEqualTo(5);
    }

    @Test
    void whoHasGoneGivesItsPlaceBack() {
        fill("a", 3);
        newcomers.remove("a1");
        newcomers.remove("nobody");

        assertThat(newcomers.add("a4", "a")).isNull();
        newcomers.remove("a2");
        newcomers.remove("a3");
        newcomers.remove("a4");
        assertThat(newcomers.count()).isZero();
        fill("b", 3);
        assertThat(newcomers.count()).isEqualTo(3);
    }

    private void fill(String address, int number) {
        for (int n = 1; n <= number; n++) {
            assertThat(newcomers.add(address + n, address)).isNull();
        }
    }
}
