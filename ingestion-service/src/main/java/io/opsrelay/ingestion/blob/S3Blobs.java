package io.opsrelay.ingestion.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Bytes as objects of a bucket. An object is there when its one request, or the request that completes its parts, was
 * answered. Of a put no more than one part is in memory.
 */
final class S3Blobs implements BlobStore {

    /** The smallest that S3 takes of any part but the last. */
    static final int PART = 5 * 1024 * 1024;

    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final S3Client s3;
    private final String bucket;

    S3Blobs(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    @Override
    public void put(String key, InputStream content) throws IOException {
        BlobKeys.checked(key);
        byte[] part = content.readNBytes(PART);
        if (part.length < PART) {
            RequestBody body = RequestBody.fromBytes(part);
            asked(
                    "written",
                    () -> s3.putObject(request -> request.bucket(bucket).key(key), body));
            return;
        }
        putInParts(key, part, content);
    }

    private void putInParts(String key, byte[] first, InputStream content) throws IOException {
        String uploadId = asked("begun", () -> s3.createMultipartUpload(
                        request -> request.bucket(bucket).key(key))
                .uploadId());
        boolean complete = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            byte[] part = first;
            int length = first.length;
            while (length > 0) {
                parts.add(putPart(key, uploadId, parts.size() + 1, Arrays.copyOf(part, length)));
                length = content.readNBytes(part, 0, PART);
            }
            asked(
                    "completed",
                    () -> s3.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(uploadId)
                            .multipartUpload(upload -> upload.parts(parts))));
            complete = true;
        } finally {
            if (!complete) {
                abort(key, uploadId);
            }
        }
    }

    private CompletedPart putPart(String key, String uploadId, int number, byte[] bytes) {
        String tag = asked("written", () -> s3.uploadPart(
                        request -> request.bucket(bucket)
                                .key(key)
                                .uploadId(uploadId)
                                .partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag());
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }

    @Override
    public Optional<InputStream> open(String key, long from) {
        BlobKeys.checked(key);
        try {
            return Optional.of(s3.getObject(request -> {
                request.bucket(bucket).key(key);
                if (from > 0) {
                    request.range("bytes=" + from + "-");
                }
            }));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            if (from > 0 && e.statusCode() == RANGE_NOT_SATISFIABLE) {
                // Nothing is behind the last byte.
                return Optional.of(InputStream.nullInputStream());
            }
            throw failed("read", e);
        } catch (SdkException e) {
            throw failed("read", e);
        }
    }

    @Override
    public void delete(String key) {
        BlobKeys.checked(key);
        asked("deleted", () -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
        // Of a put that a crash ended parts are left that nobody sees, and that are paid for.
        asked("deleted", () -> s3.listMultipartUploads(
                                request -> request.bucket(bucket).prefix(key))
                        .uploads())
                .stream()
                .filter(upload -> upload.key().equals(key))
                .forEach(upload -> abort(key, upload.uploadId()));
    }

    private void abort(String key, String uploadId) {
        try {
            s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(uploadId));
        } catch (SdkException e) {
            // Why it is given up says more than this; delete(key) finds what is left.
        }
    }

    private static <T> T asked(String what, Supplier<T> question) {
        try {
            return question.get();
        } catch (SdkException e) {
            throw failed(what, e);
        }
    }

    private static BlobStoreException failed(String what, SdkException e) {
        return new BlobStoreException("an object could not be " + what + ": " + e.getMessage(), e);
    }
}
