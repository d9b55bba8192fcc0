package io.opsrelay.contracts;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names an event on the wire and the topic it travels on. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface EventType {

    /** CloudEvents {@code type}: {@code io.opsrelay.<entity>.<event>.v<n>}. A breaking change gets a new number. */
    String value();

    /** One of the names in {@link Topics}. */
    String topic();
}
