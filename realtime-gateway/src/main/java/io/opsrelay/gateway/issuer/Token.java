package io.opsrelay.gateway.issuer;

import java.util.List;
import java.util.Optional;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;

/**
 * What somebody who has signed in gets.
 *
 * @param expiresIn in seconds
 * @param clients which the person may choose from; empty for an operator. What the token allows is in the token alone
 */
record Token(String accessToken, long expiresIn, String tokenType, List<String> clients) {

    Token {
        clients = List.copyOf(clients);
    }

    static Token bearer(String accessToken, long expiresIn, List<String> clients) {
        return new Token(accessToken, expiresIn, "Bearer", clients);
    }

    /** The answer, which no cache keeps, with the cookie that gives the next one. */
    ResponseEntity<Token> answer(Optional<ResponseCookie> cookie) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok().cacheControl(CacheControl.noStore());
        cookie.ifPresent(one -> answer.header(HttpHeaders.SET_COOKIE, one.toString()));
        return answer.body(this);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Token[" + expiresIn + "s, " + clients + "]";
    }
}
