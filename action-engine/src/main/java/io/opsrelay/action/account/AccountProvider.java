package io.opsrelay.action.account;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.remote.BusyException;
import io.opsrelay.action.remote.NoReplyException;
import java.time.Duration;
import java.util.Optional;

/**
 * Who holds the accounts of one client's customers. All calls may block, and may throw {@link NoReplyException} or
 * {@link BusyException}; a reset that threw the first may have been done all the same, and {@link #outcome} tells.
 */
interface AccountProvider {

    /** Its name as people see it, e.g. {@code keycloak}. */
    String name();

    /** Where that is, e.g. a host and a realm: what was decided for one place is done at no other. */
    String place();

    /** The one account with that address that can be used. Empty if there is none, or no single one. */
    Optional<Account> find(String email);

    /** What the system shows before a reset, to tell the resets after it from those before. */
    String mark(Account account);

    /** Sends a link to the account's address by which its password can be set anew. */
    Answer reset(String idempotencyKey, Account account);

    /** What came of resets with that key, the first of which was called when the system showed {@code mark}. */
    Optional<Answer> outcome(String idempotencyKey, Account account, String mark);

    /** How long after a call it may still have no trace of what it will do. */
    Duration settle();
}
