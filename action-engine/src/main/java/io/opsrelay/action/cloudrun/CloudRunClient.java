package io.opsrelay.action.cloudrun;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.run.v2.GetServiceRequest;
import com.google.cloud.run.v2.ListRevisionsRequest;
import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.RevisionsClient;
import com.google.cloud.run.v2.RevisionsSettings;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServicesClient;
import com.google.cloud.run.v2.ServicesSettings;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.common.collect.Iterables;
import com.google.longrunning.Operation;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Google's client with one account's credentials. Every call is sent once: whether it is sent again is decided where it is
 * known what the first may have done. Thread-safe.
 */
final class CloudRunClient implements AutoCloseable {

    /** As far back as a revision is looked for. */
    private static final int MOST_REVISIONS = 500;

    private static final int PAGE = 100;

    private final ServicesClient services;
    private final RevisionsClient revisions;
    private final MeterRegistry meters;
    private volatile @Nullable String trouble;

    /** @throws IOException without usable credentials */
    CloudRunClient(
            TransportChannelProvider channels, CredentialsProvider credentials, Duration timeout, MeterRegistry meters)
            throws IOException {
        ServicesSettings.Builder ofServices = ServicesSettings.newBuilder()
                .setTransportChannelProvider(channels)
                .setCredentialsProvider(credentials);
        ofServices.applyToAllUnaryMethods(call -> once(call, timeout));
        RevisionsSettings.Builder ofRevisions = RevisionsSettings.newBuilder()
                .setTransportChannelProvider(channels)
                .setCredentialsProvider(credentials);
        ofRevisions.applyToAllUnaryMethods(call -> once(call, timeout));
        this.services = ServicesClient.create(ofServices.build());
        this.revisions = RevisionsClient.create(ofRevisions.build());
        this.meters = meters;
    }

    private static @Nullable Void once(com.google.api.gax.rpc.UnaryCallSettings.Builder<?, ?> call, Duration timeout) {
        call.setSimpleTimeoutNoRetriesDuration(timeout);
        return null;
    }

    /** The service, empty where there is none or it has been deleted. */
    Optional<Service> service(String resource) {
        try {
            Service found = call(
                    "get_service",
                    () -> services.getService(
                            GetServiceRequest.newBuilder().setName(resource).build()));
            return found.hasDeleteTime() ? Optional.empty() : Optional.of(found);
        } catch (CloudRunException e) {
            if (e.kind() == CloudRunException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Orders an update, and does not wait for its end. */
    Operation update(UpdateServiceRequest request) {
        return call(
                request.getValidateOnly() ? "validate_service" : "update_service",
                () -> services.updateServiceCallable().call(request));
    }

    /** The service's revisions, the newest first. */
    List<Revision> revisions(String resource) {
        ListRevisionsRequest request = ListRevisionsRequest.newBuilder()
                .setParent(resource)
                .setPageSize(PAGE)
                .build();
        return call("list_revisions", () -> StreamSupport.stream(
                        Iterables.limit(revisions.listRevisions(request).iterateAll(), MOST_REVISIONS)
                                .spliterator(),
                        false)
                .toList());
    }

    /** What became of an update; empty where it is forgotten, or may not be looked at. */
    Optional<Operation> operation(String name) {
        try {
            return Optional.of(
                    call("get_operation", () -> services.getOperationsClient().getOperation(name)));
        } catch (CloudRunException e) {
            return switch (e.kind()) {
                case NOT_FOUND, REFUSED -> Optional.empty();
                case CONFLICT, THROTTLED, LOST -> throw e;
            };
        }
    }

    private <T> T call(String name, Supplier<T> call) {
        try {
            T answer = call.get();
            trouble = null;
            CloudRunMetric.CALLS.count(meters, name, "ok");
            return answer;
        } catch (ApiException e) {
            CloudRunException failed = CloudRunException.of(e);
            CloudRunMetric.CALLS.count(meters, name, failed.code());
            switch (failed.kind()) {
                case NOT_FOUND, CONFLICT -> {}
                case THROTTLED, REFUSED, LOST -> trouble = failed.code() + ": " + failed.reason();
            }
            throw failed;
        }
    }

    /** Why the last call failed, unless it did not. */
    @Nullable
    String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        services.close();
        revisions.close();
    }
}
