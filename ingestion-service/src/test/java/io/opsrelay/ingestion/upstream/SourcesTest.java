package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.opsrelay.ingestion.channel.Channel;
import io.opsrelay.ingestion.channel.Channels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SourcesTest {

    private static final String ID = "ch_4711abcdefgh";

    private final Channels channels = mock(Channels.class);
    private final Sources sources = new Sources(
            new UpstreamProperties(
                    1,
                    1,
                    List.of(new UpstreamProperties.Configured(
                            "crm-of-acme", "acme", false, Set.of(), Map.of(), null, Map.of(), Map.of(), "refuse"))),
            channels);

    @Test
    void whatIsConfiguredIsNotLookedUp() {
        assertThat(sources.named("crm-of-acme").orElseThrow().clientId()).isEqualTo("acme");

        verify(channels, never()).byId(anyString());
    }

    @Test
    void aChannelsIdIsASourceOfItsClient() {
        channel("upstream", Map.of("mapping", """
                {"verified":true,"types":["t"],"fields":{"subject":"title"},"metadata":{"a":"b"},"priorities":{"1":"low"}}"""));

        Source source = sources.named(ID).orElseThrow().usable();

        assertThat(source.clientId()).isEqualTo("globex");
        assertThat(source.vouches()).isTrue();
        assertThat(source.takes("t")).isTrue();
        assertThat(source.takes("u")).isFalse();
        assertThat(source.takes(null)).isTrue();
        assertThat(source.mapping().paths().get(Mapping.SUBJECT)).hasToString("/title");
    }

    @Test
    void soIsTheSourceThatAnOperatorGaveAChannel() {
        when(channels.bySource("https://shop.example/Orders"))
                .thenReturn(Optional.of(new Channel(
                        "globex",
                        ID,
                        "upstream",
                        "n",
                        List.of(),
                        Map.of("source", "https://shop.example/Orders"),
                        true,
                        1)));

        Source source =
                sources.named("https://shop.example/Orders").orElseThrow().usable();

        assertThat(source.clientId()).isEqualTo("globex");
        // Whichever of the two names a record bears, it is the same source.
        assertThat(source.name()).isEqualTo(ID);
    }

    @Test
    void aChannelWithoutMappingTakesWhatIsPostedElsewhere() {
        channel("upstream", Map.of());

        assertThat(sources.named(ID).orElseThrow().usable().vouches()).isFalse();
    }

    @Test
    void aChannelOfAnotherKindIsNoSource() {
        channel("email-generic", Map.of());

        assertThat(sources.named(ID)).isEmpty();
    }

    @Test
    void aBrokenMappingIsToldOfAndTheClientKnown() {
        for (String broken : List.of("{", "{\"verfied\":true}", "{\"fields\":{\"subject\":\"a..b\"}}", "[]", "null")) {
            channel("upstream", Map.of("mapping", broken));

            Sources.Named named = sources.named(ID).orElseThrow();

            assertThat(named.clientId()).isEqualTo("globex");
            assertThatThrownBy(named::usable).as(broken).hasMessageContaining("mapping is not in order");
        }
    }

    @Test
    void whatCannotBeAChannelsIdIsNotLookedUp() {
        assertThat(sources.named("https://stranger.example/a b")).isEmpty();
        assertThat(sources.named("x".repeat(500))).isEmpty();

        verify(channels, never()).byId(anyString());
    }

    private void channel(String kind, Map<String, String> settings) {
        when(channels.byId(ID))
                .thenReturn(Optional.of(new Channel("globex", ID, kind, "n", List.of(), settings, true, 1)));
    }
}
