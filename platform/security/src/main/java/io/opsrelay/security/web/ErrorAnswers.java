package io.opsrelay.security.web;

import io.opsrelay.security.NoClientException;
import io.opsrelay.security.web.Problems.FieldError;
import jakarta.servlet.http.HttpServletResponse;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns every failure of a request into problem+json that says what was wrong, and nothing about our insides. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ErrorAnswers extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(ProblemException e) {
        return answer(problemOf(e));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> noClient(NoClientException e) {
        return answer(Problems.of(HttpStatus.FORBIDDEN, "this needs a client, and an operator has none"));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> tooLarge(BodyTooLargeException e) {
        return answer(Problems.of(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(e.getMessage())));
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<ProblemDetail> database(RuntimeException e, HttpServletResponse response) throws Exception {
        refuseToContinue(e, response);
        String state = sqlState(e);
        // 22021, 22P05: a NUL or another character that PostgreSQL cannot store; the sender's doing.
        if (state.equals("22021") || state.equals("22P05")) {
            return answer(
                    Problems.of(HttpStatus.BAD_REQUEST, "the request holds a character that cannot be stored (NUL)"));
        }
        // 55P03: another transaction held what this one needed for longer than lock_timeout.
        if (state.equals("55P03")) {
            LOG.warn("A request waited in vain for what another transaction holds: {}", e.getMessage());
            return later("somebody else is changing the same for longer than usual; nothing was changed, try again");
        }
        if (e instanceof DataAccessResourceFailureException
                || e instanceof TransientDataAccessException
                || e instanceof TransactionException
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")) {
            LOG.warn("The database is away or overloaded: {}", e.getMessage());
            return later("the database cannot answer now; nothing was changed, try again");
        }
        return fault(e, response);
    }

    private static ResponseEntity<ProblemDetail> later(String detail) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "1")
                .body(Problems.of(HttpStatus.SERVICE_UNAVAILABLE, detail));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> fault(Exception e, HttpServletResponse response) throws Exception {
        refuseToContinue(e, response);
        LOG.error("A request failed for a reason that is ours", e);
        return answer(Problems.of(HttpStatus.INTERNAL_SERVER_ERROR, "something went wrong on our side; it is logged"));
    }

    /**
     * Half an answer must not look like a whole one: what is thrown on makes the server cut the connection, instead of
     * ending a streamed answer as if nothing more had been to come.
     */
    private static void refuseToContinue(Exception e, HttpServletResponse response) throws Exception {
        if (response.isCommitted()) {
            LOG.warn("An answer broke off: {}", e.toString());
            throw e;
        }
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException tooLarge) {
                return body(Problems.of(HttpStatus.CONTENT_TOO_LARGE, String.valueOf(tooLarge.getMessage())));
            }
            if (cause instanceof ProblemException refusal) {
                return body(problemOf(refusal));
            }
        }
        return body(unreadable(e.getCause()));
    }

    private static ProblemDetail problemOf(ProblemException refusal) {
        return refusal.reasons().isEmpty()
                ? Problems.of(refusal.status(), refusal.detail())
                : Problems.of(
                        refusal.status(),
                        refusal.reasons().entrySet().stream()
                                .map(reason -> new FieldError(reason.getKey(), reason.getValue()))
                                .toList());
    }

    private static ProblemDetail unreadable(@Nullable Throwable cause) {
        return switch (cause) {
            case UnrecognizedPropertyException unknown ->
                Problems.of(HttpStatus.BAD_REQUEST, pathOf(unknown), "is not a field of this request");
            case StreamConstraintsException deep ->
                Problems.of(HttpStatus.BAD_REQUEST, "the JSON is nested too deeply or a value in it is too long");
            case DatabindException mismatch
            when !mismatch.getPath().isEmpty() ->
                Problems.of(HttpStatus.BAD_REQUEST, pathOf(mismatch), "does not have the form it must have");
            case null, default ->
                Problems.of(HttpStatus.BAD_REQUEST, "the body is missing or is not valid JSON in UTF-8");
        };
    }

    private static String pathOf(DatabindException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<FieldError> errors = e.getBindingResult().getFieldErrors().stream()
                .map(error -> new FieldError(snakeCase(error.getField()), String.valueOf(error.getDefaultMessage())))
                .toList();
        return body(
                errors.isEmpty()
                        ? Problems.of(HttpStatus.UNPROCESSABLE_CONTENT, "the request is not valid")
                        : Problems.of(HttpStatus.UNPROCESSABLE_CONTENT, errors));
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return new ResponseEntity<>(body, headers, status);
    }

    private static String snakeCase(String field) {
        return field.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static String sqlState(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    private static ResponseEntity<ProblemDetail> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus()).body(problem);
    }

    private static ResponseEntity<Object> body(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus()).body(problem);
    }
}
