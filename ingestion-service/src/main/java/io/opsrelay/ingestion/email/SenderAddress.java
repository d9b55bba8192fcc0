package io.opsrelay.ingestion.email;

import java.util.regex.Pattern;

/** What may stand as a customer's address: one that could be written to. */
final class SenderAddress {

    private static final int LONGEST = 254;
    private static final Pattern FORM = Pattern.compile(
            "[^@\\s\\p{Cntrl}<>()\\[\\],;:\\\\\"]{1,64}@[^@\\s\\p{Cntrl}<>()\\[\\],;:\\\\\".-][^@\\s\\p{Cntrl}<>()\\[\\],;:\\\\\"]*");

    private SenderAddress() {}

    static boolean isUsable(String address) {
        if (address.length() > LONGEST || !FORM.matcher(address).matches()) {
            return false;
        }
        String domain = address.substring(address.indexOf('@') + 1);
        return domain.contains(".") && !domain.endsWith(".") && !domain.contains("..");
    }
}
