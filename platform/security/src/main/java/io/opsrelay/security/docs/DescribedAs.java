package io.opsrelay.security.docs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a value is, to whoever reads the API's description, where its Java type does not tell: a text that a handler reads
 * itself so that its refusal can name the field, a body taken as any JSON for the same reason, a word of a closed list.
 * Describes only; checks nothing.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.RECORD_COMPONENT})
public @interface DescribedAs {

    /** The type whose JSON it has; an array's where several are sent. */
    Class<?> value() default String.class;

    /** The words that it may be, where no enum has them. */
    String[] oneOf() default {};
}
