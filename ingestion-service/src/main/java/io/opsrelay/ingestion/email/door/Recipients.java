package io.opsrelay.ingestion.email.door;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Addresses out of what was written as To or Cc. */
final class Recipients {

    private static final int MOST = 100;

    private Recipients() {}

    /** Those that can be understood; {@code null} and rubbish are none. */
    static List<String> of(@Nullable String header) {
        if (header == null || header.isBlank()) {
            return List.of();
        }
        try {
            List<String> found = new ArrayList<>();
            for (InternetAddress address : InternetAddress.parseHeader(header.replaceAll("[\r\n]+", " "), false)) {
                if (address.getAddress() != null && address.getAddress().contains("@") && found.size() < MOST) {
                    found.add(address.getAddress());
                }
            }
            return found;
        } catch (AddressException e) {
            return List.of();
        }
    }
}
