package io.opsrelay.ingestion.attachment;

import io.opsrelay.security.web.EntityTags;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;

/** A file on its way to somebody who asked for it, or for a part of it. It is to be saved, never to be shown or run. */
final class Download {

    private static final int BUFFER = 32 * 1024;

    /** Types that a browser would give a meaning of their own, whatever else is said. */
    private static final Set<String> ACTIVE =
            Set.of("text/html", "image/svg+xml", "application/xml", "application/pdf");

    private final TicketFile file;
    private final HttpServletRequest request;
    private final HttpServletResponse response;

    private Download(TicketFile file, HttpServletRequest request, HttpServletResponse response) {
        this.file = file;
        this.request = request;
        this.response = response;
    }

    static Download of(TicketFile file, HttpServletRequest request, HttpServletResponse response) {
        return new Download(file, request, response);
    }

    /** @param bytes opens the file behind an offset */
    void send(LongFunction<InputStream> bytes) throws IOException {
        String tag = "\"" + file.sha256() + "\"";
        if (matches(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            response.setHeader(HttpHeaders.ETAG, tag);
            return;
        }
        Part part = part(tag);
        if (part == null) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + file.size());
            response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            return;
        }
        try (InputStream content = bytes.apply(part.from())) {
            head(tag, part);
            if (!request.getMethod().equals("HEAD")) {
                copy(content, part.length());
            }
        }
    }

    private void head(String tag, Part part) {
        if (part.length() < file.size()) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader(
                    HttpHeaders.CONTENT_RANGE,
                    "bytes " + part.from() + "-" + (part.from() + part.length() - 1) + "/" + file.size());
        }
        response.setContentType(ACTIVE.contains(file.mediaType()) ? MediaTypes.UNKNOWN : file.mediaType());
        response.setContentLengthLong(part.length());
        response.setHeader(HttpHeaders.ETAG, tag);
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        response.setHeader(
                HttpHeaders.CONTENT_DISPOSITION,
                ContentDisposition.attachment()
                        .filename(file.fileName(), StandardCharsets.UTF_8)
                        .build()
                        .toString());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
    }

    /** The one range that was asked for; of several, or of a file that changed meanwhile, all of it is sent. */
    private @Nullable Part part(String tag) {
        Part whole = new Part(0, file.size());
        String range = request.getHeader(HttpHeaders.RANGE);
        String ifRange = request.getHeader(HttpHeaders.IF_RANGE);
        if (range == null || (ifRange != null && !ifRange.equals(tag))) {
            return whole;
        }
        List<HttpRange> ranges;
        try {
            ranges = HttpRange.parseRanges(range);
        } catch (IllegalArgumentException e) {
            return whole;
        }
        if (ranges.size() != 1) {
            return whole;
        }
        try {
            long from = ranges.getFirst().getRangeStart(file.size());
            long to = ranges.getFirst().getRangeEnd(file.size());
            return from < file.size() && from <= to ? new Part(from, to - from + 1) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void copy(InputStream content, long length) throws IOException {
        OutputStream to = response.getOutputStream();
        byte[] buffer = new byte[BUFFER];
        long left = length;
        while (left > 0) {
            int got = content.read(buffer, 0, (int) Math.min(left, BUFFER));
            if (got < 0) {
                throw new EOFException("file " + file.fileId() + " has fewer bytes than the database says");
            }
            try {
                to.write(buffer, 0, got);
            } catch (IOException e) {
                // Whoever wanted it is gone, which is no failure of ours.
                return;
            }
            left -= got;
        }
    }

    private static boolean matches(@Nullable String header, String tag) {
        if (header == null) {
            return false;
        }
        EntityTags tags = EntityTags.of(header.replace("W/", ""));
        return tags.any() || tags.tags().contains(tag);
    }

    /** @param length bytes */
    private record Part(long from, long length) {}
}
