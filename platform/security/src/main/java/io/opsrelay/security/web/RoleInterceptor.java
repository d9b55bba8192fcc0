package io.opsrelay.security.web;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.SelfAuthenticated;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Enforces {@link RequiresRole} on the handlers of our own packages, fail-closed. */
final class RoleInterceptor implements HandlerInterceptor {

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method && isOurs(method) && !authenticatesItself(request, method)) {
            RequiresRole required = requirementOf(method);
            if (required == null) {
                throw ProblemException.forbidden("nobody may call this: it names no role");
            }
            Caller caller = currentCaller();
            if (caller == null || !caller.hasAny(required.value())) {
                throw ProblemException.forbidden("this needs one of the roles "
                        + Arrays.stream(required.value()).map(Role::wireName).collect(Collectors.joining(", ")));
            }
        }
        return true;
    }

    private static boolean authenticatesItself(HttpServletRequest request, HandlerMethod method) {
        return method.getMethodAnnotation(SelfAuthenticated.class) != null
                && request.getRequestURI().startsWith(WebSecurityAutoConfiguration.WEBHOOKS);
    }

    private static boolean isOurs(HandlerMethod method) {
        return method.getBeanType().getName().startsWith("io.opsrelay.");
    }

    private static @Nullable RequiresRole requirementOf(HandlerMethod method) {
        RequiresRole onMethod = method.getMethodAnnotation(RequiresRole.class);
        return onMethod != null ? onMethod : method.getBeanType().getAnnotation(RequiresRole.class);
    }

    static @Nullable Caller currentCaller() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication authentication
                ? authentication.caller()
                : null;
    }
}
