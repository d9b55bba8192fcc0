package io.opsrelay.agent;

import io.opsrelay.testing.ApiFile;
import io.opsrelay.testing.OpsRelayTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

@OpsRelayTest(service = "agent")
@SpringBootTest(properties = "opsrelay.knowledge.demo-clients=acme")
@AutoConfigureMockMvc
class OpenApiTest {

    @Autowired
    private MockMvcTester http;

    @Test
    void theCommittedDescriptionIsWhatTheServiceAnswers() throws Exception {
        ApiFile.assertCommitted(
                "agent-service",
                http.get().uri("/v3/api-docs").exchange().getResponse().getContentAsString());
    }
}
