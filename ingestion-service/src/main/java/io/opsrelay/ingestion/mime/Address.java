package io.opsrelay.ingestion.mime;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Somebody in a From, To, Cc or Reply-To header.
 *
 * @param name the decoded display name; absent where there is none
 * @param address {@code local@domain}; the domain is in lower case and in its ASCII form (IDN as {@code xn--})
 */
public record Address(@Nullable String name, String address) {

    public Address {
        Objects.requireNonNull(address);
    }

    /** The part behind the at sign; empty where there is none. */
    public String domain() {
        return address.substring(address.lastIndexOf('@') + 1);
    }

    @Override
    public String toString() {
        return name == null ? address : name + " <" + address + ">";
    }
}
