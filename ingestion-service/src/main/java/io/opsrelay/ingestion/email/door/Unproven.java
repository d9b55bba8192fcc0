package io.opsrelay.ingestion.email.door;

import io.opsrelay.ingestion.email.EmailProperties;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;

/**
 * Bytes of requests of which nobody knows yet who posts them, all of them together. Anybody may post; beyond the limit
 * he is asked to come again, so that a crowd of strangers fills neither disk nor memory.
 */
@Component
class Unproven {

    private final long limit;
    private final AtomicLong held = new AtomicLong();

    Unproven(EmailProperties properties) {
        this.limit = properties.unprovenBytes().toBytes();
    }

    /** There is no room for more of such requests now. */
    static final class NoRoomException extends IOException {

        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super("too many bytes of requests that prove nothing yet");
        }
    }

    /** What one request holds, until it is proven or over. */
    final class Share implements AutoCloseable {

        private long bytes;

        /** The request's body, which is counted as it is read. */
        InputStream counted(InputStream body) {
            return new FilterInputStream(body) {
                @Override
                public int read() throws IOException {
                    int next = in.read();
                    take(next < 0 ? 0 : 1);
                    return next;
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int got = in.read(buffer, offset, length);
                    take(Math.max(got, 0));
                    return got;
                }
            };
        }

        private void take(int more) throws NoRoomException {
            bytes += more;
            if (held.addAndGet(more) > limit) {
                throw new NoRoomException();
            }
        }

        @Override
        public void close() {
            held.addAndGet(-bytes);
            bytes = 0;
        }
    }

    Share share() {
        return new Share();
    }

    /** For the tests. */
    long held() {
        return held.get();
    }
}
