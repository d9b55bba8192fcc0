package io.opsrelay.ingestion.mime;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.io.MaxHeaderLengthLimitException;
import org.apache.james.mime4j.io.MaxHeaderLimitException;
import org.apache.james.mime4j.io.MaxLineLimitException;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.jspecify.annotations.Nullable;

/** How mails are cut into tokens, and how a boundary is found that was not declared. */
final class Tokens {

    private static final Pattern A_MULTIPART = Pattern.compile("multipart/[a-z0-9.+-]{1,60}");
    private static final Pattern A_BOUNDARY =
            Pattern.compile("(?m)^--(\\S[^\r\n]{0,68}\\S|\\S)[ \t]*\r?\n(?i:content-[a-z-]{1,40}:)");

    private Tokens() {}

    /** Mails inside mails stay whole; parts and depth are counted by the reader, which leaves out and does not refuse. */
    static MimeTokenStream of(MailLimits limits, DecodeMonitor monitor) {
        MimeConfig config = MimeConfig.custom()
                .setStrictParsing(false)
                .setMalformedHeaderStartsBody(false)
                .setMaxLineLen(limits.maxHeaderBytes() + 2)
                .setMaxHeaderLen(limits.maxHeaderBytes())
                .setMaxHeaderCount(limits.maxHeaders())
                .setMaxTotalHeaderCount(Integer.MAX_VALUE)
                .setMaxTotalHeaderLen(Long.MAX_VALUE)
                .setMaxContentLen(Long.MAX_VALUE)
                .setMaxPartCount(Integer.MAX_VALUE)
                .setMaxNestingDepth(10_000)
                .build();
        MimeTokenStream tokens = new MimeTokenStream(config, monitor, null, null);
        tokens.setRecursionMode(RecursionMode.M_NO_RECURSE);
        return tokens;
    }

    static boolean isLimitOfHeaders(@Nullable Throwable cause) {
        return cause instanceof MaxHeaderLimitException
                || cause instanceof MaxHeaderLengthLimitException
                || cause instanceof MaxLineLimitException;
    }

    /** The first line that looks like a boundary with a part's headers below it. */
    static @Nullable String boundaryIn(byte[] beginning) {
        Matcher found = A_BOUNDARY.matcher(new String(beginning, StandardCharsets.ISO_8859_1));
        return found.find() ? found.group(1) : null;
    }

    /** A multipart's type with a boundary that was found; "multipart/" alone is no multipart to the tokeniser. */
    static String contentType(String type, String boundary) {
        String known = A_MULTIPART.matcher(type).matches() ? type : "multipart/mixed";
        return known + "; boundary=\"" + boundary.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
