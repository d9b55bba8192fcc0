package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.draft.Form;
import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.draft.Voice;
import io.opsrelay.agent.triage.Language;
import org.junit.jupiter.api.Test;

class PromptTest {

    @Test
    void aModelIsToldTheFormOfTheChannelBesideLanguageAndTone() {
        assertThat(Prompt.system(new Voice(Language.DE, Tone.FORMAL, Form.CHAT), "m"))
                .contains("(de), formal, as in a chat: a few short sentences, no salutation, no closing.")
                .doesNotContain("{form}");
        assertThat(Prompt.system(new Voice(Language.EN, Tone.CONCISE, Form.LETTER), "m"))
                .contains("(en), concise, as a letter with a salutation and a closing.");
    }
}
