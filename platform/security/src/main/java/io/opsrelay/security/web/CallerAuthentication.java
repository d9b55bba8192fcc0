package io.opsrelay.security.web;

import io.opsrelay.security.Caller;
import java.util.List;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** The verified caller as Spring Security carries it. The token itself is not kept. */
final class CallerAuthentication extends AbstractAuthenticationToken {

    private final transient Caller caller;

    CallerAuthentication(Caller caller) {
        super(List.of());
        this.caller = caller;
        setAuthenticated(true);
    }

    Caller caller() {
        return caller;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return caller;
    }

    @Override
    public String getName() {
        return caller.user();
    }
}
