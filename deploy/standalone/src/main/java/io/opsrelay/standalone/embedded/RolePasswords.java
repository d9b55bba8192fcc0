package io.opsrelay.standalone.embedded;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * The passwords of one service's three database roles.
 *
 * @param owner of {@code <service>_owner}, which owns the schema and runs its migrations
 * @param app of {@code <service>_app}, under which the service works
 * @param relay of {@code <service>_relay}, which reads the outbox
 */
public record RolePasswords(String owner, String app, String relay) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Three new ones. */
    public static RolePasswords random() {
        return new RolePasswords(randomPassword(), randomPassword(), randomPassword());
    }

    /** 192 random bits, in letters that need no quoting anywhere. */
    public static String randomPassword() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Passwords stay out of logs. */
    @Override
    public String toString() {
        return "RolePasswords[***]";
    }
}
