package io.opsrelay.action.kubernetes;

import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.contracts.ContractJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The objects of a {@link FakeCluster}, and what its controllers do with them. */
public final class FakeControllers {

    /** How the next new pod template fares. */
    public enum Fate {
        COMES_UP,
        /** One new pod is made and does not become ready, until {@link FakeControllers#letGo}. */
        HANGS,
        /** The same, and the cluster's own deadline has passed. */
        EXCEEDS_ITS_DEADLINE
    }

    private final Map<String, ObjectNode> objects = new TreeMap<>();
    private final Deque<Fate> fates = new ArrayDeque<>();
    private boolean injectsSidecar;
    private long version = 100;

    /** A deployment of that many replicas that is all up, as its first revision. */
    public synchronized void deploy(String namespace, String name, int replicas, String image) {
        ObjectNode deployment = (ObjectNode)
                ContractJson.mapper().readTree("""
                {"apiVersion":"apps/v1","kind":"Deployment",
                 "metadata":{"name":"%1$s","namespace":"%2$s","uid":"%3$s","generation":1,"annotations":{}},
                 "spec":{"replicas":%4$d,"selector":{"matchLabels":{"app":"%1$s"}},
                  "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":"25%%","maxUnavailable":"25%%"}},
                  "template":{"metadata":{"labels":{"app":"%1$s"}},
                   "spec":{"containers":[{"name":"main","image":"%5$s"}]}}}}
                """.formatted(name, namespace, UUID.randomUUID(), replicas, image));
        put("deployments", deployment);
        reconcile(deployment, Fate.COMES_UP);
    }

    /** Somebody rolls another image out. */
    public synchronized void rollOut(String namespace, String name, String image) {
        edit(namespace, name, deployment -> {
            ObjectNode container = (ObjectNode) deployment
                    .path("spec")
                    .path("template")
                    .path("spec")
                    .path("containers")
                    .get(0);
            container.put("image", image);
        });
    }

    /** Somebody changes a deployment by hand. */
    public synchronized void edit(String namespace, String name, Consumer<ObjectNode> change) {
        ObjectNode before = Objects.requireNonNull(get("deployments", namespace, name));
        ObjectNode after = before.deepCopy();
        change.accept(after);
        store("deployments", before, after);
    }

    /** An autoscaler for a deployment. */
    public synchronized void autoscale(String namespace, String name, int min, int max) {
        put("horizontalpodautoscalers", (ObjectNode)
                ContractJson.mapper().readTree("""
                        {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler",
                         "metadata":{"name":"%1$s-hpa","namespace":"%2$s","uid":"%3$s"},
                         "spec":{"minReplicas":%4$d,"maxReplicas":%5$d,
                          "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"%1$s"}}}
                        """.formatted(name, namespace, UUID.randomUUID(), min, max)));
    }

    /** The next new pod templates fare so, one each; those after them come up. */
    public synchronized void next(Fate... next) {
        fates.addAll(List.of(next));
    }

    /** What hangs comes up. */
    public synchronized void letGo() {
        all("deployments").forEach(deployment -> reconcile(deployment, Fate.COMES_UP));
    }

    /** From now on, the cluster puts a sidecar into every new pod template. */
    public synchronized void injectSidecars() {
        injectsSidecar = true;
    }

    public synchronized int replicas(String namespace, String name) {
        return spec(namespace, name).path("replicas").asInt();
    }

    public synchronized String image(String namespace, String name) {
        return spec(namespace, name)
                .path("template")
                .path("spec")
                .path("containers")
                .get(0)
                .path("image")
                .asString();
    }

    public synchronized JsonNode template(String namespace, String name) {
        return spec(namespace, name).path("template");
    }

    private JsonNode spec(String namespace, String name) {
        return Objects.requireNonNull(get("deployments", namespace, name)).path("spec");
    }

    synchronized @Nullable ObjectNode get(String resource, String namespace, String name) {
        return objects.get(resource + "/" + namespace + "/" + name);
    }

    /** A deployment whose ReplicaSets are not kept. */
    public synchronized void forgetHistory(String namespace, String name) {
        objects.keySet().removeIf(key -> key.startsWith("replicasets/" + namespace + "/" + name + "-"));
    }

    public synchronized void delete(String namespace, String name) {
        objects.remove("deployments/" + namespace + "/" + name);
    }

    synchronized ObjectNode list(String resource, String namespace, Map<String, String> labels) {
        ObjectNode list = ContractJson.mapper().createObjectNode();
        list.put("kind", resource.equals("replicasets") ? "ReplicaSetList" : "HorizontalPodAutoscalerList");
        list.put("apiVersion", resource.equals("replicasets") ? "apps/v1" : "autoscaling/v2");
        ArrayNode items = list.putArray("items");
        all(resource).stream()
                .filter(object ->
                        object.path("metadata").path("namespace").asString().equals(namespace))
                .filter(object -> labels.entrySet().stream().allMatch(label -> object.path("metadata")
                        .path("labels")
                        .path(label.getKey())
                        .asString("")
                        .equals(label.getValue())))
                .forEach(object -> items.add(object.deepCopy()));
        return list;
    }

    /** Somebody touches an object in a way that changes nothing but its version. */
    synchronized void touch(String name) {
        objects.values().stream()
                .filter(object ->
                        object.path("metadata").path("name").asString().equals(name))
                .forEach(this::bump);
    }

    void admit(ObjectNode object) {
        JsonNode containers = object.path("spec").path("template").path("spec").path("containers");
        if (injectsSidecar && containers instanceof ArrayNode array && array.size() == 1) {
            array.addObject().put("name", "proxy").put("image", "proxy:1");
        }
    }

    /** Stores it, lets the controllers act, and returns it as it was before they did. */
    synchronized ObjectNode store(String resource, ObjectNode before, ObjectNode after) {
        if (!after.path("spec").equals(before.path("spec"))) {
            ObjectNode metadata = (ObjectNode) after.get("metadata");
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        put(resource, after);
        ObjectNode answered = after.deepCopy();
        if (resource.equals("deployments") && !difference(before, after).equals("annotations")) {
            Fate fate = difference(before, after).equals("template") ? fates.poll() : Fate.COMES_UP;
            reconcile(after, fate == null ? Fate.COMES_UP : fate);
        } else if (resource.equals("horizontalpodautoscalers")) {
            keepWithinBounds(after);
        }
        return answered;
    }

    private void keepWithinBounds(ObjectNode autoscaler) {
        JsonNode spec = autoscaler.path("spec");
        String namespace = autoscaler.path("metadata").path("namespace").asString();
        String name = spec.path("scaleTargetRef").path("name").asString();
        edit(namespace, name, deployment -> ((ObjectNode) deployment.get("spec"))
                .put(
                        "replicas",
                        Math.clamp(
                                deployment.path("spec").path("replicas").asInt(),
                                spec.path("minReplicas").asInt(),
                                spec.path("maxReplicas").asInt())));
    }

    /** What the deployment controller does: a ReplicaSet for the template, the revision, the status. */
    private void reconcile(ObjectNode deployment, Fate fate) {
        if (!deployment.path("spec").path("paused").asBoolean(false)) {
            ObjectNode set = replicaSet(deployment);
            ((ObjectNode) deployment.path("metadata").path("annotations"))
                    .put(
                            "deployment.kubernetes.io/revision",
                            set.path("metadata")
                                    .path("annotations")
                                    .path("deployment.kubernetes.io/revision")
                                    .asString());
        }
        int replicas = deployment.path("spec").path("replicas").asInt();
        ObjectNode status = deployment.putObject("status");
        status.put(
                "observedGeneration",
                deployment.path("metadata").path("generation").asLong());
        boolean up = fate == Fate.COMES_UP;
        status.put("replicas", up ? replicas : replicas + 1);
        status.put("updatedReplicas", up ? replicas : 1);
        status.put("availableReplicas", replicas);
        status.put("readyReplicas", replicas);
        ObjectNode condition = status.putArray("conditions").addObject();
        condition.put("type", "Progressing").put("status", fate == Fate.EXCEEDS_ITS_DEADLINE ? "False" : "True");
        condition.put(
                "lastUpdateTime", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        condition.put(
                "reason",
                switch (fate) {
                    case COMES_UP -> "NewReplicaSetAvailable";
                    case HANGS -> "ReplicaSetUpdated";
                    case EXCEEDS_ITS_DEADLINE -> "ProgressDeadlineExceeded";
                });
        if (fate == Fate.EXCEEDS_ITS_DEADLINE) {
            condition.put("message", "ReplicaSet has timed out progressing.");
        }
        bump(deployment);
    }

    /** The one of this template becomes the newest, whether it is new or was there before. */
    private ObjectNode replicaSet(ObjectNode deployment) {
        JsonNode template = deployment.path("spec").path("template");
        String name = deployment.path("metadata").path("name").asString();
        String hash = CanonicalArguments.of(Map.of("template", template)).hash().substring(0, 10);
        List<ObjectNode> own = all("replicasets").stream()
                .filter(set -> set.path("metadata")
                        .path("ownerReferences")
                        .get(0)
                        .path("uid")
                        .equals(deployment.path("metadata").path("uid")))
                .toList();
        int newest = Math.max(
                revision(deployment),
                own.stream().mapToInt(FakeControllers::revision).max().orElse(0));
        ObjectNode set = own.stream()
                .filter(one -> one.path("metadata").path("name").asString().endsWith("-" + hash))
                .findFirst()
                .orElseGet(() -> newReplicaSet(deployment, template, name, hash));
        if (revision(set) < newest || newest == 0) {
            ((ObjectNode) set.path("metadata").path("annotations"))
                    .put("deployment.kubernetes.io/revision", Integer.toString(newest + 1));
        }
        return set;
    }

    private ObjectNode newReplicaSet(ObjectNode deployment, JsonNode template, String name, String hash) {
        ObjectNode set = ContractJson.mapper().createObjectNode();
        set.put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
        ObjectNode metadata = set.putObject("metadata");
        metadata.put("name", name + "-" + hash);
        metadata.put("namespace", deployment.path("metadata").path("namespace").asString());
        metadata.putObject("labels").put("app", name).put("pod-template-hash", hash);
        metadata.putObject("annotations").put("deployment.kubernetes.io/revision", "0");
        ObjectNode owner = metadata.putArray("ownerReferences").addObject();
        owner.put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("name", name)
                .put("controller", true);
        owner.set("uid", deployment.path("metadata").path("uid"));
        ObjectNode spec = set.putObject("spec");
        spec.putObject("selector").putObject("matchLabels").put("app", name).put("pod-template-hash", hash);
        ObjectNode copy = ((ObjectNode) template).deepCopy();
        ((ObjectNode) copy.path("metadata").path("labels")).put("pod-template-hash", hash);
        spec.set("template", copy);
        put("replicasets", set);
        return set;
    }

    private static int revision(ObjectNode set) {
        return Integer.parseInt(set.path("metadata")
                .path("annotations")
                .path("deployment.kubernetes.io/revision")
                .asString("0"));
    }

    private List<ObjectNode> all(String resource) {
        return new ArrayList<>(objects.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(resource + "/"))
                .map(Map.Entry::getValue)
                .toList());
    }

    private void put(String resource, ObjectNode object) {
        bump(object);
        objects.put(
                resource + "/" + object.path("metadata").path("namespace").asString() + "/"
                        + object.path("metadata").path("name").asString(),
                object);
    }

    private void bump(ObjectNode object) {
        version++;
        ((ObjectNode) object.get("metadata")).put("resourceVersion", Long.toString(version));
    }

    ObjectNode version() {
        return ContractJson.mapper()
                .createObjectNode()
                .put("major", "1")
                .put("minor", "34")
                .put("gitVersion", "v1.34.1");
    }

    static String version(ObjectNode object) {
        return object.path("metadata").path("resourceVersion").asString();
    }

    static ObjectNode scaleOf(ObjectNode deployment) {
        ObjectNode scale = ContractJson.mapper().createObjectNode();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion")) {
            metadata.set(field, deployment.path("metadata").path(field));
        }
        scale.putObject("spec").set("replicas", deployment.path("spec").path("replicas"));
        scale.putObject("status").set("replicas", deployment.path("status").path("replicas"));
        return scale;
    }

    static String difference(ObjectNode before, ObjectNode after) {
        JsonNode was = before.path("spec");
        JsonNode is = after.path("spec");
        if (!was.path("template").equals(is.path("template"))) {
            return "template";
        }
        if (!was.path("replicas").equals(is.path("replicas"))) {
            return "replicas";
        }
        return was.equals(is) ? "annotations" : "bounds";
    }

    static @Nullable String newestKey(ObjectNode object) {
        String marks = object.path("metadata")
                .path("annotations")
                .path(Marks.ANNOTATION)
                .asString("");
        return marks.isEmpty()
                ? null
                : ContractJson.mapper().readTree(marks).get(0).path("key").asString();
    }
}
