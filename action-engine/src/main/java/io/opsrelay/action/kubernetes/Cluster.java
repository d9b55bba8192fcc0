package io.opsrelay.action.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.autoscaling.v1.Scale;
import io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsrelay.action.kubernetes.KubernetesProperties.ClusterProperties;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to one cluster's API server. Every change names the version that was read before, so that it fails rather than
 * overwrite somebody else's. Thread-safe.
 */
final class Cluster implements AutoCloseable {

    private static final String FIELD_MANAGER = "opsrelay";
    private static final List<String> ALL = List.of("All");

    private final ClusterProperties properties;
    private final KubernetesClient client;

    Cluster(ClusterProperties properties, KubernetesClient client) {
        this.properties = properties;
        this.client = client;
    }

    ClusterProperties properties() {
        return properties;
    }

    /** The server's version, which every account may ask for. */
    String version() {
        return call(() -> client.getKubernetesVersion().getGitVersion());
    }

    Optional<Deployment> deployment(String namespace, String name) {
        return call(() -> Optional.ofNullable(client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get()));
    }

    /** The deployment with its history and its autoscaler. */
    Optional<Snapshot> snapshot(String namespace, String name) {
        return deployment(namespace, name)
                .map(found -> new Snapshot(found, history(found), autoscaler(namespace, name)));
    }

    private List<ReplicaSet> history(Deployment deployment) {
        return call(() -> client.apps()
                .replicaSets()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withLabelSelector(deployment.getSpec().getSelector())
                .list()
                .getItems());
    }

    /** What scales the deployment of that name, if anything does. */
    @Nullable
    HorizontalPodAutoscaler autoscaler(String namespace, String name) {
        return call(() ->
                        client
                                .autoscaling()
                                .v2()
                                .horizontalPodAutoscalers()
                                .inNamespace(namespace)
                                .list()
                                .getItems()
                                .stream()
                                .filter(found -> found.getSpec()
                                                .getScaleTargetRef()
                                                .getKind()
                                                .equals("Deployment")
                                        && found.getSpec()
                                                .getScaleTargetRef()
                                                .getName()
                                                .equals(name))
                                .findFirst())
                .orElse(null);
    }

    /** Lets the server check a change as if it were made; nothing is changed. */
    void rehearse(Edit edit, Snapshot now) {
        send(edit, now, true);
    }

    /** Makes a change. */
    void make(Edit edit, Snapshot now) {
        send(edit, now, false);
    }

    private void send(Edit edit, Snapshot now, boolean dryRun) {
        switch (edit) {
            case Edit.Restart restart -> restart(restart, now.deployment(), dryRun);
            case Edit.Template template -> template(template, now.deployment(), dryRun);
            case Edit.Replicas replicas -> replicas(replicas, now.deployment(), dryRun);
            case Edit.Bounds bounds -> bounds(bounds, Objects.requireNonNull(now.autoscaler()), dryRun);
        }
    }

    private void restart(Edit.Restart edit, Deployment now, boolean dryRun) {
        Map<String, Object> template =
                Map.of("metadata", Map.of("annotations", Map.of(Plan.RESTARTED_AT, edit.restartedAt())));
        rollOut(
                edit.mark(),
                (mark, dry) ->
                        merge(now, Map.of("metadata", marked(now, mark), "spec", Map.of("template", template)), dry),
                dryRun);
    }

    /** All of the template at once: a merge would keep what the other one has more. */
    private void template(Edit.Template edit, Deployment now, boolean dryRun) {
        rollOut(
                edit.mark(),
                (mark, dry) -> {
                    Map<String, String> annotations = new TreeMap<>();
                    if (now.getMetadata().getAnnotations() != null) {
                        annotations.putAll(now.getMetadata().getAnnotations());
                    }
                    annotations.put(Marks.ANNOTATION, Marks.at(now).with(mark).json());
                    return patch(
                            now,
                            PatchType.JSON,
                            List.of(
                                    add(
                                            "/metadata/resourceVersion",
                                            now.getMetadata().getResourceVersion()),
                                    add("/metadata/annotations", annotations),
                                    add("/spec/template", edit.template())),
                            dry);
                },
                dryRun);
    }

    /**
     * The dry run tells the template as it will be when the cluster has put into it what it puts in by itself: the mark
     * must say what will be there, not what was sent.
     */
    private static void rollOut(Mark mark, TemplatePatch patch, boolean dryRun) {
        Deployment rehearsed = patch.send(mark, true);
        if (!dryRun) {
            patch.send(mark.leaving(Fingerprint.of(rehearsed.getSpec().getTemplate())), false);
        }
    }

    /** Sends one change of the template with the mark that it leaves. */
    @FunctionalInterface
    private interface TemplatePatch {

        Deployment send(Mark mark, boolean dryRun);
    }

    /** To add what is there already replaces it. */
    private static Map<String, Object> add(String path, Object value) {
        return Map.of("op", "add", "path", path, "value", value);
    }

    /** The mark goes first: the scale subresource takes no annotations. Until the number follows, nothing was done. */
    private void replicas(Edit.Replicas edit, Deployment now, boolean dryRun) {
        Deployment marked = merge(now, Map.of("metadata", marked(now, edit.mark())), dryRun);
        String version = (dryRun ? now : marked).getMetadata().getResourceVersion();
        Scale scale = new ScaleBuilder()
                .withNewMetadata()
                .withName(now.getMetadata().getName())
                .withNamespace(now.getMetadata().getNamespace())
                .withResourceVersion(version)
                .endMetadata()
                .withNewSpec()
                .withReplicas(edit.replicas())
                .endSpec()
                .build();
        String path = "/apis/apps/v1/namespaces/%s/deployments/%s/scale?fieldManager=%s%s"
                .formatted(
                        now.getMetadata().getNamespace(),
                        now.getMetadata().getName(),
                        FIELD_MANAGER,
                        dryRun ? "&dryRun=All" : "");
        call(() -> client.raw(path, "PUT", scale));
    }

    private void bounds(Edit.Bounds edit, HorizontalPodAutoscaler now, boolean dryRun) {
        merge(
                now,
                Map.of(
                        "metadata",
                        marked(now, edit.mark()),
                        "spec",
                        Map.of(
                                "minReplicas",
                                edit.bounds().minReplicas(),
                                "maxReplicas",
                                edit.bounds().maxReplicas())),
                dryRun);
    }

    private static Map<String, Object> marked(HasMetadata object, Mark mark) {
        return Map.of(
                "resourceVersion",
                object.getMetadata().getResourceVersion(),
                "annotations",
                Map.of(Marks.ANNOTATION, Marks.at(object).with(mark).json()));
    }

    private <T extends HasMetadata> T merge(T object, Map<String, Object> patch, boolean dryRun) {
        return patch(object, PatchType.JSON_MERGE, patch, dryRun);
    }

    private <T extends HasMetadata> T patch(T object, PatchType type, Object patch, boolean dryRun) {
        PatchContext.Builder context =
                new PatchContext.Builder().withPatchType(type).withFieldManager(FIELD_MANAGER);
        if (dryRun) {
            context.withDryRun(ALL);
        }
        String json = client.getKubernetesSerialization().asJson(patch);
        return call(() -> client.resource(object).patch(context.build(), json));
    }

    private <T> T call(Supplier<T> request) {
        try {
            return request.get();
        } catch (KubernetesClientException e) {
            throw ClusterException.of(properties.name(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
