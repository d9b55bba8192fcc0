package io.opsrelay.ingestion.privacy;

/**
 * Implemented, as a bean, by every part of this service that keeps something personal of customers beside the tables of
 * customers and files: texts, addresses, names, and what was made of them to search by.
 */
public interface PersonalData {

    /**
     * Removes it or replaces it by words that tell nothing, in the running transaction of that client. Counts, times,
     * ids and statuses stay. None of the customer's tickets is being worked, and no other transaction changes one.
     */
    void erase(String clientId, ErasedCustomer customer);
}
