package io.opsrelay.gateway.issuer;

import io.opsrelay.gateway.issuer.IssuerProperties.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Checks passwords. That takes a processor some 50 ms each, so it has threads of its own, few of them. */
final class Passwords implements AutoCloseable {

    private static final int THREADS = 2;
    private static final int WAITING = 100;

    private final PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
    private final Map<String, User> users;
    private final User nobody;
    private final Scheduler threads;

    Passwords(List<User> users) {
        this.users = users.stream().collect(Collectors.toUnmodifiableMap(User::username, Function.identity()));
        // Compared with for unknown users, so that the time of an answer does not tell who exists.
        String pattern =
                users.isEmpty() ? encoder.encode("nobody") : users.getFirst().passwordHash();
        this.nobody = new User("nobody", null, null, List.of(), List.of("operator"), pattern);
        this.threads = Schedulers.newBoundedElastic(THREADS, WAITING, "sign-in", 60, true);
    }

    /** The user if the password is theirs. Fails with {@link RejectedExecutionException} if too many wait. */
    Mono<Optional<User>> check(String username, String password) {
        return Mono.fromCallable(() -> {
                    User known = users.get(username);
                    boolean matches = matches(password, known == null ? nobody : known);
                    return matches && known != null ? Optional.of(known) : Optional.<User>empty();
                })
                .subscribeOn(threads);
    }

    private boolean matches(String password, User user) {
        try {
            return encoder.matches(password, user.passwordHash());
        } catch (IllegalArgumentException e) {
            return false; // longer than the algorithm takes
        }
    }

    @Override
    public void close() {
        threads.dispose();
    }
}
