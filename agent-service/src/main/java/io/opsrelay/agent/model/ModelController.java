package io.opsrelay.agent.model;

import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.web.Page;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The configured models, as far as everybody may know them: neither keys nor addresses. */
@RestController
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class ModelController {

    private final Models models;

    ModelController(Models models) {
        this.models = models;
    }

    /** By name; the local engine, which is always there and costs nothing, is not among them. */
    @GetMapping("/api/v1/agent/models")
    Page<ModelView> models() {
        return new Page<>(models.all().stream().map(ModelView::of).toList(), null);
    }

    /**
     * A model.
     *
     * @param name as workflows name it
     * @param model as its server names it
     * @param inputPriceUsd for a million tokens
     * @param outputPriceUsd for a million tokens
     * @param timeout longest time for one answer
     * @param breaker of the instance that answers: open while the model is left alone since it failed too often
     */
    record ModelView(
            String name,

            @DescribedAs(oneOf = {"openai", "ollama", "anthropic"})
            String provider,

            String model,
            BigDecimal inputPriceUsd,
            BigDecimal outputPriceUsd,
            Duration timeout,
            int maxOutputTokens,

            @DescribedAs(oneOf = {"closed", "open", "half_open"})
            String breaker) {

        static ModelView of(Model model) {
            ModelProperties.Settings settings = model.settings();
            return new ModelView(
                    model.name(),
                    settings.provider().name().toLowerCase(Locale.ROOT),
                    settings.model(),
                    settings.inputPrice(),
                    settings.outputPrice(),
                    settings.timeout(),
                    settings.maxOutputTokens(),
                    model.breakerState());
        }
    }
}
