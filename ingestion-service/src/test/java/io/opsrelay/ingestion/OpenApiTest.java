package io.opsrelay.ingestion;

import io.opsrelay.testing.ApiFile;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@IngestionServiceTest
class OpenApiTest {

    @Autowired
    Api api;

    @Test
    void theCommittedDescriptionIsWhatTheServiceAnswers() {
        ApiFile.assertCommitted(
                "ingestion-service", api.asNobody().get("/v3/api-docs").has(200).text());
    }
}
