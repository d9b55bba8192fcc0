package io.opsrelay.benchmarks.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SlowModelTest {

    private static final String TICKET =
            "{\"role\":\"user\",\"content\":\"<ticket 1>How long? My question has number 42.</ticket 1>\"}";

    @Test
    void itSearchesFirstAndThenRepliesWithTheNumberOfTheTicket() throws Exception {
        try (SlowModel model = new SlowModel(Duration.ZERO);
                HttpClient http = HttpClient.newHttpClient()) {
            JsonNode first = ask(http, model.url(), TICKET);
            JsonNode second = ask(http, model.url(), TICKET + ",{\"role\":\"tool\",\"content\":\"[p1] Refunds\"}");

            assertThat(first.path("name").asString()).isEqualTo("search_knowledge_base");
            assertThat(second.path("name").asString()).isEqualTo("reply_to_customer");
            assertThat(second.path("arguments").asString()).contains("Your question has number 42.", "p1");
            assertThat(model.answers()).isEqualTo(2);
        }
    }

    @Test
    void hundredsWaitForTheirAnswersSideBySide() throws Exception {
        try (SlowModel model = new SlowModel(Duration.ofSeconds(4));
                HttpClient http = HttpClient.newHttpClient()) {
            List<CompletableFuture<Integer>> asked = IntStream.range(0, 300)
                    .mapToObj(i -> http.sendAsync(request(model.url(), TICKET), BodyHandlers.ofString())
                            .thenApply(answer -> answer.statusCode()))
                    .toList();

            assertThat(asked.stream().map(CompletableFuture::join)).containsOnly(200);
            assertThat(model.mostUnderWay()).isGreaterThan(100);
        }
    }

    private static JsonNode ask(HttpClient http, URI url, String messages) throws IOException, InterruptedException {
        JsonNode answer = JsonMapper.shared()
                .readTree(http.send(request(url, messages), BodyHandlers.ofString())
                        .body());
        assertThat(answer.at("/choices/0/finish_reason").asString()).isEqualTo("tool_calls");
        return answer.at("/choices/0/message/tool_calls/0/function");
    }

    private static HttpRequest request(URI url, String messages) {
        return HttpRequest.newBuilder(URI.create(url + "/chat/completions"))
                .POST(BodyPublishers.ofString("{\"model\":\"slow\",\"messages\":[" + messages + "]}"))
                .build();
    }
}
