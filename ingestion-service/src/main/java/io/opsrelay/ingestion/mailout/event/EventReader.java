package io.opsrelay.ingestion.mailout.event;

import io.opsrelay.ingestion.channel.Channel;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import tools.jackson.core.JacksonException;

/** One provider's way to tell of events. */
@FunctionalInterface
interface EventReader {

    /**
     * Checks who sends, then reads what it tells.
     *
     * @return empty if the sender is not proven
     * @throws JacksonException if the body is no JSON
     */
    Optional<Told> read(Channel channel, HttpHeaders headers, byte[] body);
}
