package io.opsrelay.security.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import tools.jackson.databind.json.JsonMapper;

/** The house's one form of an error answer: RFC 9457 with {@code errors: [{field, reason}]} where a field is at fault. */
final class Problems {

    private Problems() {}

    static ProblemDetail of(HttpStatus status, String detail) {
        return ProblemDetail.forStatusAndDetail(status, detail);
    }

    static ProblemDetail of(HttpStatus status, @Nullable String field, String reason) {
        if (field == null) {
            return of(status, reason);
        }
        return of(status, List.of(new FieldError(field, reason)));
    }

    static ProblemDetail of(HttpStatus status, List<FieldError> errors) {
        FieldError first = errors.getFirst();
        ProblemDetail problem = of(status, first.field() + " " + first.reason());
        problem.setProperty("errors", errors);
        return problem;
    }

    /** For filters, which stand before any message converter. */
    static void write(HttpServletResponse response, JsonMapper json, HttpStatus status, String detail)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        Map<String, Object> body = new java.util.LinkedHashMap<>();
        body.put("title", status.getReasonPhrase());
        body.put("status", status.value());
        body.put("detail", detail);
        response.getOutputStream().write(json.writeValueAsBytes(body));
    }

    /** @param field snake_case path within the body or the name of a parameter */
    record FieldError(String field, String reason) {}
}
