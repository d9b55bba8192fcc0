package io.opsrelay.ingestion.deadletter;

import io.opsrelay.ingestion.privacy.ErasedCustomer;
import io.opsrelay.ingestion.privacy.PersonalData;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.springframework.stereotype.Component;

/** Erases what records said that were set aside; that there were such records, and whose consumer failed, stays. */
@Component
class LettersPersonalData implements PersonalData {

    private final LetterStore store;
    private final Clock clock;

    LettersPersonalData(LetterStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public void erase(String clientId, ErasedCustomer customer) {
        store.erase(
                customer.ticketIds(),
                customer.addresses(),
                customer.actor(),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
    }
}
