package io.opsrelay.action.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.remote.BusyException;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.NoReplyException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link AccountProvider} keeps to. The journal is the other side's own. */
abstract class AccountProviderKit {

    abstract AccountProvider provider();

    /** An account with that address; answers its id. */
    abstract String newAccount(String email);

    /** Ids of the accounts to which a link was sent, in order. */
    abstract List<String> linksSent();

    /** The next call that sends a link goes wrong. */
    abstract void next(Fault fault);

    @Test
    void anAccountIsFoundByItsAddressInCapitalsToo() {
        String id = newAccount("mary.major@example.org");

        assertThat(provider().find("Mary.Major@Example.org")).contains(new Account(id, "mary.major@example.org"));
        assertThat(provider().find("john.major@example.org")).isEmpty();
        assertThat(provider().find("mary.major@example.org.evil.example")).isEmpty();
    }

    @Test
    void aResetSendsOneLinkAndSaysForWhom() {
        Account account = newlyFound("mary.major@example.org");
        newAccount("other@example.org");
        String key = key();
        String mark = provider().mark(account);

        Answer answer = provider().reset(key, account);

        assertThat(answer).isInstanceOfSatisfying(Answer.Done.class, done -> assertThat(done.result())
                .containsEntry("account_id", account.id())
                .containsKey("link_sent_at"));
        assertThat(answer.toString()).doesNotContain("mary.major");
        assertThat(linksSent()).containsExactly(account.id());
        assertThat(provider().outcome(key, account, mark)).isPresent();
    }

    @Test
    void whatWasNeverAskedForHasNoOutcome() {
        Account account = newlyFound("mary.major@example.org");

        assertThat(provider().outcome(key(), account, provider().mark(account))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DO_AND_BREAK", "DO_AND_HANG", "DO_AND_500"})
    void aResetWhoseAnswerWasLostIsFoundAndWasDoneOnce(Fault fault) {
        Account account = newlyFound("mary.major@example.org");
        String key = key();
        String mark = provider().mark(account);
        next(fault);

        assertThatThrownBy(() -> provider().reset(key, account)).satisfies(AccountProviderKit::leavesItOpen);

        assertThat(provider().outcome(key, account, mark))
                .hasValueSatisfying(found -> assertThat(found).isInstanceOf(Answer.Done.class));
        assertThat(linksSent()).containsExactly(account.id());
    }

    @Test
    void aResetThatFailedIsNotTakenForAnEarlierOneOfTheSameAccount() {
        Account account = newlyFound("mary.major@example.org");
        provider().reset(key(), account);
        String key = key();
        String mark = provider().mark(account);
        next(Fault.FAIL);

        assertThatThrownBy(() -> provider().reset(key, account)).satisfies(AccountProviderKit::leavesItOpen);

        assertThat(provider().outcome(key, account, mark)).isEmpty();
        assertThat(linksSent()).containsExactly(account.id());

        provider().reset(key, account);
        assertThat(provider().outcome(key, account, mark)).isPresent();
        assertThat(linksSent()).containsExactly(account.id(), account.id());
    }

    @Test
    void aSystemThatTakesNoMoreForNowHasDoneNothing() {
        Account account = newlyFound("mary.major@example.org");
        next(Fault.TOO_MANY);

        assertThatThrownBy(() -> provider().reset(key(), account)).isInstanceOf(BusyException.class);

        assertThat(linksSent()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"REFUSE", "REDIRECT"})
    void whatIsRefusedWasNotDone(Fault fault) {
        Account account = newlyFound("mary.major@example.org");
        next(fault);

        assertThat(provider().reset(key(), account)).isInstanceOf(Answer.Refused.class);

        assertThat(linksSent()).isEmpty();
    }

    private static void leavesItOpen(Throwable thrown) {
        assertThat(thrown instanceof OutcomeUnknownException || (thrown instanceof NoReplyException e && e.sent()))
                .as("%s", thrown)
                .isTrue();
    }

    private Account newlyFound(String email) {
        newAccount(email);
        return provider().find(email).orElseThrow();
    }

    static String key() {
        return "opsrelay-" + UUID.randomUUID();
    }
}
