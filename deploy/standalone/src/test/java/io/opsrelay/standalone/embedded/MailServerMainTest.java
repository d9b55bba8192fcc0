package io.opsrelay.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MailServerMainTest {

    @Test
    void theOldestMailsGoWhenThereAreTooManyOrTooLargeOnes() {
        assertThat(MailServerMain.surplus(List.of(), 2, 100)).isZero();
        assertThat(MailServerMain.surplus(List.of(1L, 1L), 2, 100)).isZero();
        assertThat(MailServerMain.surplus(List.of(1L, 1L, 1L), 2, 100)).isEqualTo(1);
        assertThat(MailServerMain.surplus(List.of(60L, 40L, 60L), 9, 100)).isEqualTo(1);
        assertThat(MailServerMain.surplus(List.of(1L, 200L, 1L), 9, 100)).isEqualTo(2);
        assertThat(MailServerMain.surplus(List.of(1L, 1L), 9, -5)).isEqualTo(2);
    }
}
