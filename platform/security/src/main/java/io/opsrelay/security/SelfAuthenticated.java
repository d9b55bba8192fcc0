package io.opsrelay.security;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A handler below {@code /webhooks/} that checks by itself who calls: the sender has a signature or a password of its
 * own instead of a token of ours. Stands in the place of {@link RequiresRole}; elsewhere it opens nothing.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SelfAuthenticated {

    /** How the caller proves who it is, for who reads the code. */
    String value();
}
