package io.opsrelay.action.cloudrun;

import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.run.v2.Condition;
import com.google.cloud.run.v2.Container;
import com.google.cloud.run.v2.GetServiceRequest;
import com.google.cloud.run.v2.ListRevisionsRequest;
import com.google.cloud.run.v2.ListRevisionsResponse;
import com.google.cloud.run.v2.Revision;
import com.google.cloud.run.v2.RevisionTemplate;
import com.google.cloud.run.v2.RevisionsGrpc;
import com.google.cloud.run.v2.Service;
import com.google.cloud.run.v2.ServicesGrpc;
import com.google.cloud.run.v2.TrafficTarget;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.TrafficTargetStatus;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.Any;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Cloud Run's v2 API as far as actions use it, over gRPC: etags, {@code validate_only}, field masks, long-running
 * operations, revisions that take time, and what a service shows meanwhile. Time passes by being looked at: each look at a
 * service or an operation takes its rollout one step further. Whatever changes a service is journalled, once.
 */
public final class FakeCloudRun implements AutoCloseable {

    private static final long EPOCH = 1_790_000_000L;

    private final Server server;
    private final @Nullable ManagedChannel channel;
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, Deque<Revision>> revisions = new LinkedHashMap<>();
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, Rolling> rolling = new LinkedHashMap<>();
    private final List<Change> journal = new ArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private Play play = Play.READY;
    private @Nullable Status readsFailWith;
    private @Nullable Runnable late;
    private int changes;
    private int reads;

    /** How revisions made from now on fare. */
    public enum Play {
        READY,
        /** The container does not start. */
        FAILED,
        /** It neither gets ready nor fails. */
        STUCK
    }

    /** What happens to an update. */
    public enum Fault {
        /** It is carried out and its answer is lost. */
        APPLY_AND_DROP,
        /** It does not arrive. */
        UNAVAILABLE,
        /** It is carried out, its answer is lost, and nothing can be read from then on. */
        APPLY_AND_VANISH,
        /** It is carried out and never answered. */
        APPLY_AND_HANG,
        /** It is not answered, and is carried out only when {@link #arriveLate} is called. */
        ARRIVE_LATE,
        /** Somebody else changes the service just before. */
        OVERTAKEN,
        DENIED,
        EXHAUSTED,
        INVALID,
        /** As of a service whose template names its revision. */
        NAMED
    }

    /**
     * A change that was carried out.
     *
     * @param key of the action that the service carries since
     */
    public record Change(String service, String key, List<String> fields) {}

    private record Rolling(String operation, @Nullable String revision, Play play, int step) {}

    private FakeCloudRun(ServerBuilder<?> builder, @Nullable ManagedChannel channel) {
        this.channel = channel;
        try {
            server = builder.addService(new Services())
                    .addService(new Revisions())
                    .addService(new Operations())
                    .build()
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static FakeCloudRun inProcess() {
        String name = InProcessServerBuilder.generateName();
        return new FakeCloudRun(
                InProcessServerBuilder.forName(name),
                InProcessChannelBuilder.forName(name).build());
    }

    /** One that listens on the loopback address. */
    public static FakeCloudRun onLoopback() {
        return new FakeCloudRun(
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), null);
    }

    /** Where it listens. */
    public String endpoint() {
        return "127.0.0.1:" + server.getPort();
    }

    TransportChannelProvider channels() {
        return FixedTransportChannelProvider.create(GrpcTransportChannel.create(Objects.requireNonNull(channel)));
    }

    /** A service with revisions 1 to {@code count}, all ready, the last of which gets all requests. */
    public synchronized void deploy(String service, int count) {
        String name = service.substring(service.lastIndexOf('/') + 1);
        Deque<Revision> made = new ArrayDeque<>();
        for (int n = 1; n <= count; n++) {
            made.addFirst(
                    revision(service, name + "-0000" + n, template(n).build(), Condition.State.CONDITION_SUCCEEDED));
        }
        revisions.put(service, made);
        services.put(
                service,
                Service.newBuilder()
                        .setName(service)
                        .setGeneration(count)
                        .setObservedGeneration(count)
                        .setTemplate(template(count).setRevision(name + "-0000" + count))
                        .addTraffic(latest())
                        .addTrafficStatuses(TrafficTargetStatus.newBuilder()
                                .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST)
                                .setPercent(100))
                        .setLatestReadyRevision(made.getFirst().getName())
                        .setLatestCreatedRevision(made.getFirst().getName())
                        .setTerminalCondition(ready(Condition.State.CONDITION_SUCCEEDED, ""))
                        .putAnnotations("team", "payments")
                        .setEtag(etag())
                        .build());
    }

    private static RevisionTemplate.Builder template(int version) {
        RevisionTemplate.Builder template = RevisionTemplate.newBuilder()
                .addContainers(Container.newBuilder().setImage("registry.example/payment:" + version));
        template.getScalingBuilder().setMaxInstanceCount(20);
        return template;
    }

    /** A service with a change, as if somebody had made it. */
    public synchronized void edit(String service, UnaryOperator<Service.Builder> change) {
        services.compute(service, (name, now) -> change.apply(at(service).toBuilder())
                .setEtag(etag())
                .build());
    }

    /** A revision with a change. */
    synchronized void editRevision(String service, String revision, UnaryOperator<Revision.Builder> change) {
        Deque<Revision> edited = new ArrayDeque<>();
        at(service);
        revisions
                .getOrDefault(service, new ArrayDeque<>())
                .forEach(known -> edited.addLast(
                        known.getName().endsWith("/" + revision)
                                ? change.apply(known.toBuilder()).build()
                                : known));
        revisions.put(service, edited);
    }

    /** Somebody else deploys another image, and keeps whatever annotations there are. */
    synchronized void othersDeploy(String service, Play how) {
        Service.Builder next = at(service).toBuilder();
        next.getTemplateBuilder().clearRevision().getContainersBuilder(0).setImage("registry.example/payment:other");
        plays(how);
        update(UpdateServiceRequest.newBuilder()
                .setService(next)
                .setUpdateMask(FieldMask.newBuilder().addPaths("template"))
                .build());
    }

    /** The service as it is, without time passing. */
    public synchronized Service at(String service) {
        Service found = services.get(service);
        if (found == null) {
            throw new IllegalArgumentException("no service " + service);
        }
        return found;
    }

    /** Short name of who gets all requests, or all who share them. */
    public synchronized String serving(String service) {
        return switch (Traffic.of(at(service))) {
            case Traffic.One one -> one.revision();
            case Traffic other -> other.toString();
        };
    }

    synchronized int revisionCount(String service) {
        return revisions.getOrDefault(service, new ArrayDeque<>()).size();
    }

    public synchronized void plays(Play next) {
        play = next;
    }

    /** What is stuck fares so from now on. */
    synchronized void resume(String service, Play next) {
        rolling.computeIfPresent(service, (name, now) -> new Rolling(now.operation(), now.revision(), next, 1));
    }

    public synchronized void nextUpdates(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** All reads fail so, until null is given. */
    synchronized void readsFail(@Nullable Status status) {
        readsFailWith = status;
    }

    /** What had not arrived arrives now. */
    synchronized void arriveLate() {
        Runnable arriving = late;
        late = null;
        if (arriving != null) {
            arriving.run();
        }
    }

    /** Forgets the operations, as Cloud Run does some day. */
    synchronized void forgetOperations() {
        operations.clear();
    }

    public synchronized List<Change> journal() {
        return List.copyOf(journal);
    }

    synchronized int reads() {
        return reads;
    }

    private String etag() {
        return "\"etag-" + ++changes + "\"";
    }

    private Operation update(UpdateServiceRequest request) {
        Service wanted = request.getService();
        Service now = services.get(wanted.getName());
        if (now == null) {
            throw Status.NOT_FOUND
                    .withDescription("Resource '" + wanted.getName() + "' was not found")
                    .asRuntimeException();
        }
        if (!wanted.getEtag().isEmpty() && !wanted.getEtag().equals(now.getEtag())) {
            throw Status.ABORTED
                    .withDescription(
                            "Conflict for resource '%s': version '%s' was specified but current version is '%s'."
                                    .formatted(Traffic.shortName(now.getName()), wanted.getEtag(), now.getEtag()))
                    .asRuntimeException();
        }
        Service.Builder next = masked(now, request);
        check(next, now);
        String operation = now.getName().replaceAll("/services/.*", "") + "/operations/op-" + (changes + 1);
        if (request.getValidateOnly()) {
            return Operation.newBuilder()
                    .setName(operation)
                    .setDone(true)
                    .setResponse(Any.pack(next.build()))
                    .build();
        }
        String revision = reconcile(next, now);
        services.put(now.getName(), next.build());
        rolling.put(now.getName(), new Rolling(operation, revision, revision == null ? Play.READY : play, 0));
        journal.add(new Change(
                Traffic.shortName(now.getName()),
                next.getAnnotationsOrDefault(Mark.ACTION, ""),
                List.copyOf(request.getUpdateMask().getPathsList())));
        Operation started = Operation.newBuilder()
                .setName(operation)
                .setMetadata(Any.pack(next.build()))
                .build();
        operations.put(operation, started);
        return started;
    }

    private static Service.Builder masked(Service now, UpdateServiceRequest request) {
        Service.Builder next = now.toBuilder();
        Service wanted = request.getService();
        for (String path : request.getUpdateMask().getPathsList()) {
            switch (path) {
                case "annotations" -> next.clearAnnotations().putAllAnnotations(wanted.getAnnotationsMap());
                case "template" -> next.setTemplate(wanted.getTemplate());
                case "traffic" -> next.clearTraffic().addAllTraffic(wanted.getTrafficList());
                case "scaling" -> next.setScaling(wanted.getScaling());
                default -> throw invalid("unknown field in update_mask: " + path);
            }
        }
        if (request.getUpdateMask().getPathsCount() == 0) {
            throw new IllegalStateException("an update without a mask replaces everything: not expected here");
        }
        return next;
    }

    private void check(Service.Builder next, Service now) {
        for (Map<String, String> annotations :
                List.of(next.getAnnotationsMap(), next.getTemplate().getAnnotationsMap())) {
            annotations.keySet().stream()
                    .filter(key -> key.matches("(run\\.googleapis\\.com|serving\\.knative\\.dev)/.*"))
                    .findAny()
                    .ifPresent(key -> {
                        throw invalid("annotation " + key + " is not supported");
                    });
        }
        int percent = next.getTrafficList().stream()
                .mapToInt(TrafficTarget::getPercent)
                .sum();
        if (next.getTrafficCount() > 0 && percent != 100) {
            throw invalid("traffic percents must sum up to 100, not " + percent);
        }
        next.getTrafficList().stream()
                .filter(target -> !target.getRevision().isEmpty() && find(now.getName(), target.getRevision()) == null)
                .findAny()
                .ifPresent(target -> {
                    throw invalid("Revision '" + target.getRevision() + "' not found");
                });
        int most = next.getScaling().getMaxInstanceCount();
        if (most > 0 && most < next.getScaling().getMinInstanceCount()) {
            throw invalid("min_instance_count must not exceed max_instance_count");
        }
        String named = next.getTemplate().getRevision();
        if (!next.getTemplate().equals(now.getTemplate()) && !named.isEmpty() && find(now.getName(), named) != null) {
            throw Status.ALREADY_EXISTS
                    .withDescription("Revision named '" + named + "' with different configuration already exists.")
                    .asRuntimeException();
        }
    }

    private static StatusRuntimeException invalid(String reason) {
        return Status.INVALID_ARGUMENT.withDescription(reason).asRuntimeException();
    }

    /** Begins the work; the revision that it makes, if the template has changed. */
    private @Nullable String reconcile(Service.Builder next, Service now) {
        next.setGeneration(now.getGeneration() + 1)
                .setReconciling(true)
                .setTerminalCondition(ready(Condition.State.CONDITION_RECONCILING, ""))
                .setEtag(etag());
        if (next.getTemplate().equals(now.getTemplate())) {
            return null;
        }
        String name = "%s-0000%d".formatted(Traffic.shortName(now.getName()), revisionCount(now.getName()) + 1);
        Revision made = revision(now.getName(), name, next.getTemplate(), Condition.State.CONDITION_RECONCILING);
        revisions.computeIfAbsent(now.getName(), service -> new ArrayDeque<>()).addFirst(made);
        next.setLatestCreatedRevision(made.getName())
                .clearConditions()
                .addConditions(
                        condition("ConfigurationsReady", Condition.State.CONDITION_RECONCILING, "Deploying Revision."));
        return name;
    }

    /** A moment passes. */
    private void pass(String service) {
        Rolling now = rolling.get(service);
        if (now == null) {
            return;
        }
        int step = now.step() + 1;
        rolling.put(service, new Rolling(now.operation(), now.revision(), now.play(), step));
        if (step < 2 || now.play() == Play.STUCK) {
            return;
        }
        boolean fails = now.play() == Play.FAILED;
        if (step == 2) {
            settleRevision(service, now.revision(), fails);
            if (!fails) {
                return;
            }
        }
        rolling.remove(service);
        end(service, now, fails);
    }

    private void settleRevision(String service, @Nullable String revision, boolean fails) {
        if (revision == null) {
            return;
        }
        editRevision(service, revision, known -> known.clearConditions()
                .addConditions(ready(
                        fails ? Condition.State.CONDITION_FAILED : Condition.State.CONDITION_SUCCEEDED,
                        fails ? "The user-provided container failed to start and listen on the port" : "")));
        if (!fails) {
            edit(service, known -> known.clearConditions()
                    .addConditions(condition("ConfigurationsReady", Condition.State.CONDITION_SUCCEEDED, ""))
                    .addConditions(
                            condition("RoutesReady", Condition.State.CONDITION_RECONCILING, "Routing traffic...")));
        }
    }

    private void end(String service, Rolling now, boolean fails) {
        Operation.Builder ended =
                Operation.newBuilder().setName(now.operation()).setDone(true);
        Revision newest = revisions.getOrDefault(service, new ArrayDeque<>()).getFirst();
        boolean newestReady = newest.getConditions(0).getState() == Condition.State.CONDITION_SUCCEEDED;
        String reason = "Revision '" + Traffic.shortName(newest) + "' is not ready and cannot serve traffic.";
        edit(service, known -> {
            known.setReconciling(false)
                    .clearConditions()
                    .setTerminalCondition(
                            newestReady
                                    ? ready(Condition.State.CONDITION_SUCCEEDED, "")
                                    : ready(Condition.State.CONDITION_FAILED, reason));
            if (!fails) {
                if (newestReady) {
                    known.setLatestReadyRevision(newest.getName());
                }
                known.setObservedGeneration(known.getGeneration()).clearTrafficStatuses();
                known.getTrafficList()
                        .forEach(target -> known.addTrafficStatuses(TrafficTargetStatus.newBuilder()
                                .setType(target.getType())
                                .setRevision(target.getRevision())
                                .setTag(target.getTag())
                                .setPercent(target.getPercent())));
            }
            return known;
        });
        if (!newestReady) {
            ended.setError(com.google.rpc.Status.newBuilder()
                    .setCode(Code.FAILED_PRECONDITION_VALUE)
                    .setMessage(reason));
        } else {
            ended.setResponse(Any.pack(at(service)));
        }
        operations.computeIfPresent(now.operation(), (name, known) -> ended.build());
    }

    private @Nullable Revision find(String service, String revision) {
        return revisions.getOrDefault(service, new ArrayDeque<>()).stream()
                .filter(known -> known.getName().endsWith("/" + revision))
                .findFirst()
                .orElse(null);
    }

    private Revision revision(String service, String name, RevisionTemplate template, Condition.State state) {
        return Revision.newBuilder()
                .setName(service + "/revisions/" + name)
                .setService(service)
                .putAllAnnotations(template.getAnnotationsMap())
                .addAllContainers(template.getContainersList())
                .setCreateTime(Timestamp.newBuilder().setSeconds(EPOCH + ++changes))
                .addConditions(ready(state, ""))
                .build();
    }

    private static TrafficTarget latest() {
        return TrafficTarget.newBuilder()
                .setType(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST)
                .setPercent(100)
                .build();
    }

    static Condition ready(Condition.State state, String message) {
        return condition("Ready", state, message);
    }

    private static Condition condition(String type, Condition.State state, String message) {
        return Condition.newBuilder()
                .setType(type)
                .setState(state)
                .setMessage(message)
                .build();
    }

    private final class Services extends ServicesGrpc.ServicesImplBase {

        @Override
        public void getService(GetServiceRequest request, StreamObserver<Service> answers) {
            answer(answers, () -> {
                read();
                pass(request.getName());
                Service found = services.get(request.getName());
                if (found == null) {
                    throw Status.NOT_FOUND
                            .withDescription("Resource '" + request.getName() + "' was not found")
                            .asRuntimeException();
                }
                return found;
            });
        }

        @Override
        public void updateService(UpdateServiceRequest request, StreamObserver<Operation> answers) {
            synchronized (FakeCloudRun.this) {
                Fault fault = request.getValidateOnly() ? null : faults.pollFirst();
                if (fault == null) {
                    answer(answers, () -> update(request));
                    return;
                }
                switch (fault) {
                    case APPLY_AND_DROP -> {
                        update(request);
                        fail(answers, Status.UNAVAILABLE, "connection closed");
                    }
                    case APPLY_AND_VANISH -> {
                        update(request);
                        readsFailWith = Status.UNAVAILABLE;
                        fail(answers, Status.UNAVAILABLE, "connection closed");
                    }
                    case APPLY_AND_HANG -> update(request);
                    case UNAVAILABLE -> fail(answers, Status.UNAVAILABLE, "io exception");
                    case ARRIVE_LATE -> late = () -> answer(answers, () -> update(request));
                    case OVERTAKEN -> {
                        edit(request.getService().getName(), known -> known.putAnnotations("team", "others"));
                        answer(answers, () -> update(request));
                    }
                    case DENIED ->
                        fail(answers, Status.PERMISSION_DENIED, "Permission 'run.services.update' denied on resource");
                    case EXHAUSTED -> fail(answers, Status.RESOURCE_EXHAUSTED, "Quota exceeded");
                    case NAMED ->
                        fail(
                                answers,
                                Status.ALREADY_EXISTS,
                                "Revision named 'payment-00002' with different configuration already exists.");
                    case INVALID -> fail(answers, Status.INVALID_ARGUMENT, "spec.template is not valid");
                }
            }
        }
    }

    private final class Revisions extends RevisionsGrpc.RevisionsImplBase {

        @Override
        public void listRevisions(ListRevisionsRequest request, StreamObserver<ListRevisionsResponse> answers) {
            answer(answers, () -> {
                read();
                return ListRevisionsResponse.newBuilder()
                        .addAllRevisions(revisions.getOrDefault(request.getParent(), new ArrayDeque<>()).stream()
                                .sorted(Comparator.comparing((Revision revision) ->
                                                revision.getCreateTime().getSeconds())
                                        .reversed())
                                .toList())
                        .build();
            });
        }
    }

    private final class Operations extends OperationsGrpc.OperationsImplBase {

        @Override
        public void getOperation(GetOperationRequest request, StreamObserver<Operation> answers) {
            answer(answers, () -> {
                read();
                Operation found = operations.get(request.getName());
                if (found == null) {
                    throw Status.NOT_FOUND
                            .withDescription("Operation not found")
                            .asRuntimeException();
                }
                return found;
            });
        }
    }

    private void read() {
        reads++;
        if (readsFailWith != null) {
            throw readsFailWith.asRuntimeException();
        }
    }

    private <T> void answer(StreamObserver<T> answers, Supplier<T> call) {
        T value;
        try {
            synchronized (this) {
                value = call.get();
            }
        } catch (StatusRuntimeException e) {
            answers.onError(e);
            return;
        }
        answers.onNext(value);
        answers.onCompleted();
    }

    private static void fail(StreamObserver<?> answers, Status status, String reason) {
        answers.onError(status.withDescription(reason).asRuntimeException());
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.shutdownNow();
        }
        server.shutdownNow();
    }
}
