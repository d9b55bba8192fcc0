package io.opsrelay.action.stripe;

import com.stripe.exception.ApiException;
import com.stripe.exception.StripeException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpURLConnectionClient;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.io.Serial;

/**
 * The library's own HTTP client, which also tells an error that has just happened from one that Stripe has saved as its answer
 * to an idempotency key. The difference stands in a header that the library's exceptions do not carry.
 */
final class SavedErrorClient extends HttpClient {

    private static final String REPLAYED = "Idempotent-Replayed";
    private static final int SERVER_ERRORS = 500;

    private final HttpClient library = new HttpURLConnectionClient();

    @Override
    public StripeResponse request(StripeRequest request) throws StripeException {
        StripeResponse response = library.request(request);
        boolean replayed =
                response.headers().firstValue(REPLAYED).filter("true"::equals).isPresent();
        if (replayed && response.code() >= SERVER_ERRORS) {
            throw new SavedErrorException(String.valueOf(response.requestId()), response.code());
        }
        return response;
    }

    /** Stripe answered this key with an error once, and always will. */
    static final class SavedErrorException extends ApiException {
        @Serial
        private static final long serialVersionUID = 1L;

        SavedErrorException(String requestId, int statusCode) {
            super("the saved answer to this key is an error", requestId, "saved_error", statusCode, null);
        }
    }
}
