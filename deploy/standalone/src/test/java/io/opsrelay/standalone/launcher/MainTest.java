package io.opsrelay.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"up", "down", "status", "logs", "demo", "stats", "audit"})
    void eachCommandTellsItsOptionsAndDoesNothingElse(String command) {
        assertThat(run(command, "--help")).isZero();
        String help = text();
        said.reset();
        assertThat(run(command, "-h")).isZero();

        assertThat(help).startsWith("usage: ./opsrelay " + command).isEqualTo(text());
    }

    @Test
    void anOptionThatIsNoneIsRefusedWithThoseThatAre() {
        assertThat(run("up", "--fast")).isEqualTo(2);

        assertThat(text()).contains("usage: ./opsrelay up [--fresh] [--detach] [--stores]");
    }

    private int run(String... args) {
        return Main.run(List.of(args), new Console(new PrintStream(said, true, StandardCharsets.UTF_8)));
    }

    private String text() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
