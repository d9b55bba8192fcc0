package io.opsrelay.security.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    private static final Cursor CURSOR = new Cursor(
            Instant.parse("2026-11-20T10:00:00.123456Z"), UUID.fromString("0193aaaa-0000-7000-8000-000000000001"));

    @Test
    void whatItWritesItReads() {
        assertThat(Cursor.decode(CURSOR.encoded())).isEqualTo(CURSOR);
        assertThat(Cursor.decode(null)).isNull();
    }

    @Test
    void itGoesThroughAnAddressAsItIs() {
        assertThat(CURSOR.encoded()).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "|",
                "2026-11-20T10:00:00Z",
                "2026-11-20T10:00:00Z|x",
                "x|0193aaaa-0000-7000-8000-000000000001"
            })
    void whatItDidNotWriteIsRefused(String text) {
        String encoded = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> Cursor.decode(encoded)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> Cursor.decode(text + "%")).isInstanceOf(ProblemException.class);
    }

    @Test
    void aPageOfWhatFitsHasNoNextOne() {
        List<Integer> rows = IntStream.range(0, 3).boxed().toList();

        assertThat(Page.of(rows, 3, row -> CURSOR)).isEqualTo(new Page<>(rows, null));
        assertThat(Page.of(rows, 2, row -> CURSOR)).isEqualTo(new Page<>(List.of(0, 1), CURSOR.encoded()));
    }
}
