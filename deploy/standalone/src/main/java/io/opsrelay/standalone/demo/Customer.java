package io.opsrelay.standalone.demo;

import java.util.Locale;

/** Somebody who writes, always in the same language. */
record Customer(String email, Language language) {

    /** The name that the address tells: {@code Mary Major}. */
    String name() {
        StringBuilder name = new StringBuilder();
        for (String part : mailbox().split("\\.")) {
            name.append(name.isEmpty() ? "" : " ")
                    .append(part.substring(0, 1).toUpperCase(Locale.ROOT))
                    .append(part.substring(1));
        }
        return name.toString();
    }

    /** What stands before the @. */
    String mailbox() {
        return email.substring(0, email.indexOf('@'));
    }
}
