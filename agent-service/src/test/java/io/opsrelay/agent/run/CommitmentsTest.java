package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitmentsTest {

    private final Commitments commitments = new Commitments();

    @Test
    void whoComesLaterSeesWhatIsHeldForOthersOfTheClientUntilThatIsReleased() {
        Commitments.Held first = commitments.hold("acme", 5);
        Commitments.Held second = commitments.hold("acme", 7);
        assertThat(first.before()).isZero();
        assertThat(second.before()).isEqualTo(5);
        assertThat(commitments.hold("globex", 1).before()).isZero();

        first.close();
        try (Commitments.Held third = commitments.hold("acme", 0)) {
            assertThat(third.before()).isEqualTo(7);
        }
        second.close();

        assertThat(commitments.hold("acme", 1).before()).isZero();
    }
}
