package io.opsrelay.ingestion.attachment;

import io.opsrelay.security.web.BodyTooLargeException;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.MimeIOException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Takes the files out of an upload's body while it comes. */
final class UploadReader {

    private static final int MAX_HEADERS = 20;
    private static final int MAX_HEADER = 8 * 1024;
    private static final String BODY = "body";

    private UploadReader() {}

    /** Takes a file that begins in the body. */
    @FunctionalInterface
    interface Taker {

        /**
         * Takes it.
         *
         * @param field the name of its part; "file" where the body is the file
         * @param content to be read to its end
         */
        void take(String field, String fileName, @Nullable String mediaType, InputStream content) throws IOException;
    }

    /**
     * Hands every file of the body to {@code taker}, in their order: the parts of multipart/form-data, or the whole body,
     * named by Content-Disposition.
     *
     * @throws ProblemException 400 if the body is neither, or ends before its end
     * @throws BodyTooLargeException if the body has more bytes than it may have
     */
    static void read(HttpServletRequest request, Taker taker) throws IOException {
        MediaType type = typeOf(request);
        try {
            if (type != null && type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA)) {
                readParts(request, type, taker);
            } else {
                String name = fileName(request.getHeader(HttpHeaders.CONTENT_DISPOSITION));
                if (name == null) {
                    throw ProblemException.badRequest(
                            HttpHeaders.CONTENT_DISPOSITION, "must name the file: attachment; filename=\"name.ext\"");
                }
                taker.take("file", name, type == null ? null : type.toString(), request.getInputStream());
            }
        } catch (MimeException | MimeIOException e) {
            throw ProblemException.badRequest(BODY, "is not multipart/form-data as RFC 7578 says");
        } catch (BodyTooLargeException e) {
            throw e;
        } catch (IOException e) {
            throw cut();
        }
    }

    private static void readParts(HttpServletRequest request, MediaType type, Taker taker)
            throws IOException, MimeException {
        String boundary = type.getParameter("boundary");
        if (boundary == null) {
            throw ProblemException.badRequest(HttpHeaders.CONTENT_TYPE, "must say the boundary of the parts");
        }
        TailStream body = new TailStream(request.getInputStream());
        MimeTokenStream tokens = new MimeTokenStream(MimeConfig.custom()
                .setMaxHeaderCount(MAX_HEADERS)
                .setMaxHeaderLen(MAX_HEADER)
                .setMaxLineLen(-1)
                .setMaxContentLen(-1)
                .build());
        tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
        tokens.parseHeadless(body, type.toString());
        boolean inside = false;
        String disposition = null;
        for (EntityState state = tokens.getState(); state != EntityState.T_END_OF_STREAM; state = tokens.next()) {
            if (state == EntityState.T_START_MULTIPART) {
                if (inside) {
                    throw ProblemException.badRequest(BODY, "must not have parts within parts");
                }
                inside = true;
            } else if (state == EntityState.T_START_BODYPART) {
                disposition = null;
            } else if (state == EntityState.T_FIELD && isDisposition(tokens.getField())) {
                disposition = textOf(tokens.getField());
            } else if (state == EntityState.T_BODY) {
                take(tokens, disposition, taker);
            }
        }
        body.transferTo(OutputStream.nullOutputStream());
        if (!body.tail().contains("--" + boundary.replaceAll("^\"|\"$", "") + "--")) {
            throw cut();
        }
    }

    private static void take(MimeTokenStream tokens, @Nullable String disposition, Taker taker) throws IOException {
        String fileName = fileName(disposition);
        String field = fieldName(disposition);
        if (fileName == null) {
            throw ProblemException.badRequest(field, "is not a file: only parts with a filename are taken here");
        }
        taker.take(field, fileName, tokens.getBodyDescriptor().getMimeType(), tokens.getDecodedInputStream());
    }

    private static boolean isDisposition(Field field) {
        return field.getName().equalsIgnoreCase(HttpHeaders.CONTENT_DISPOSITION);
    }

    /** Browsers send names in UTF-8 as they are, which a header's parser takes for Latin-1. */
    private static String textOf(Field field) {
        String line = new String(field.getRaw().toByteArray(), StandardCharsets.UTF_8);
        return line.substring(line.indexOf(':') + 1)
                .replaceAll("\\r?\\n[ \\t]*", " ")
                .strip();
    }

    private static @Nullable String fileName(@Nullable String disposition) {
        return disposition == null ? null : parsed(disposition).getFilename();
    }

    private static String fieldName(@Nullable String disposition) {
        String name = disposition == null ? null : parsed(disposition).getName();
        return name == null || name.isBlank() ? "file" : name;
    }

    private static ContentDisposition parsed(String disposition) {
        try {
            return ContentDisposition.parse(disposition);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(HttpHeaders.CONTENT_DISPOSITION, "does not have the form of RFC 6266");
        }
    }

    private static @Nullable MediaType typeOf(HttpServletRequest request) {
        String type = request.getContentType();
        if (type == null || type.isBlank()) {
            return null;
        }
        try {
            return MediaType.parseMediaType(type);
        } catch (InvalidMediaTypeException e) {
            throw ProblemException.badRequest(HttpHeaders.CONTENT_TYPE, "is not a media type");
        }
    }

    private static ProblemException cut() {
        return ProblemException.badRequest(BODY, "ended before all of it had come; send it again");
    }
}
