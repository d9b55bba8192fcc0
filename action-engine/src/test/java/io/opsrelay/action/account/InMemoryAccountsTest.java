package io.opsrelay.action.account;

import io.opsrelay.action.remote.FakeServer.Fault;
import java.util.List;

class InMemoryAccountsTest extends AccountProviderKit {

    private final InMemoryAccounts accounts = new InMemoryAccounts();

    @Override
    AccountProvider provider() {
        return accounts;
    }

    @Override
    String newAccount(String email) {
        accounts.ids.put(email, "user-" + accounts.ids.size());
        return accounts.ids.get(email);
    }

    @Override
    List<String> linksSent() {
        return accounts.links;
    }

    @Override
    void next(Fault fault) {
        accounts.next = fault;
    }
}
