package io.opsrelay.ingestion.blob;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where files are kept.
 *
 * @param store folder or s3
 * @param folder of store folder; all instances of the service see the same one
 * @param s3 of store s3
 */
@ConfigurationProperties("opsrelay.attachments")
record BlobProperties(
        @DefaultValue("folder") Kind store,
        @DefaultValue(".opsrelay/attachments") Path folder,
        @DefaultValue S3 s3) {

    BlobProperties {
        if (store == Kind.S3 && s3.bucket().isBlank()) {
            throw new IllegalArgumentException("opsrelay.attachments.s3.bucket (OPSRELAY_S3_BUCKET) is not set");
        }
    }

    /** Which one. */
    enum Kind {
        FOLDER,
        S3
    }

    /**
     * A store that speaks the protocol of Amazon S3.
     *
     * @param endpoint absent for Amazon's own of the region
     * @param accessKey blank where the SDK finds its credentials by itself
     * @param pathStyle whether the bucket stands in the path rather than in the host's name
     */
    record S3(
            @Nullable URI endpoint,
            @DefaultValue("us-east-1") String region,
            @DefaultValue("") String bucket,
            @DefaultValue("") String accessKey,
            @DefaultValue("") String secretKey,
            @DefaultValue("true") boolean pathStyle) {

        S3 {
            if (accessKey.isBlank() != secretKey.isBlank()) {
                throw new IllegalArgumentException(
                        "opsrelay.attachments.s3: access-key and secret-key are set together or not at all");
            }
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "S3[" + endpoint + ", " + region + ", " + bucket + "]";
        }
    }
}
