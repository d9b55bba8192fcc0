package io.opsrelay.security;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Who may call a handler method. A handler without it can be called by nobody: forgetting it fails closed. A caller
 * needs one of the roles; others get 403.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RequiresRole {

    /** Any one of these suffices. */
    Role[] value();
}
