package io.opsrelay.action.account;

/**
 * A customer's account.
 *
 * @param id as its system names it
 * @param email where the link goes, as the system has it
 */
record Account(String id, String email) {

    Account {
        if (id.isBlank() || email.isBlank()) {
            throw new IllegalArgumentException("an account has an id and an address");
        }
    }

    /** Addresses mean the same in capitals and in small letters. */
    boolean hasAddress(String other) {
        return email.equalsIgnoreCase(other.strip());
    }
}
