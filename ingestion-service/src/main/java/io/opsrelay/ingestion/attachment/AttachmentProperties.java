package io.opsrelay.ingestion.attachment;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which files are taken.
 *
 * @param maxSize of one file
 * @param maxFiles on one message
 * @param maxSent of all files together that go out with one message; mail providers take 10 MB to 30 MB with all that
 *     belongs to a mail, and files grow by a third on the way
 * @param allow media types, {@code type/*} for a whole family; none named: all but the denied ones
 * @param deny media types that are refused in any case
 * @param orphansAfter how long a file may wait for its message
 */
@ConfigurationProperties("opsrelay.attachments")
record AttachmentProperties(
        @DefaultValue("25MB") DataSize maxSize,
        @DefaultValue("50") int maxFiles,
        @DefaultValue("7MB") DataSize maxSent,
        @DefaultValue List<String> allow,

        @DefaultValue({"application/x-dosexec", "application/x-elf", "application/x-mach-binary", "application/java-vm"
        })
        List<String> deny,

        @DefaultValue("24h") Duration orphansAfter) {

    AttachmentProperties {
        allow = allow.stream().filter(type -> !type.isBlank()).toList();
        deny = deny.stream().filter(type -> !type.isBlank()).toList();
        if (maxSize.toBytes() < 1) {
            throw new IllegalArgumentException("opsrelay.attachments.max-size must be positive");
        }
        if (maxSent.toBytes() < 1) {
            throw new IllegalArgumentException("opsrelay.attachments.max-sent must be positive");
        }
        if (maxFiles < 1) {
            throw new IllegalArgumentException("opsrelay.attachments.max-files must be at least 1, not " + maxFiles);
        }
        if (!orphansAfter.isPositive()) {
            throw new IllegalArgumentException("opsrelay.attachments.orphans-after must be positive");
        }
    }

    /** Whether files of that type are taken. */
    boolean takes(String mediaType) {
        return !isAmong(deny, mediaType) && (allow.isEmpty() || isAmong(allow, mediaType));
    }

    private static boolean isAmong(List<String> patterns, String mediaType) {
        return patterns.stream()
                .anyMatch(pattern -> pattern.endsWith("/*")
                        ? mediaType.startsWith(pattern.substring(0, pattern.length() - 1))
                        : mediaType.equals(pattern));
    }
}
