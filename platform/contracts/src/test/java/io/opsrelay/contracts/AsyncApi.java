package io.opsrelay.contracts;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the AsyncAPI 3 document of all topics, messages and payloads by looking at the code. */
final class AsyncApi {

    /** What the code's types cannot tell: who sends an event, and when. */
    private static final Map<String, String> SUMMARIES = Map.ofEntries(
            Map.entry("TicketReceived", "ingestion-service: a ticket was accepted and stored."),
            Map.entry("TicketImported", "ingestion-service: a ticket worked elsewhere was stored, resolved."),
            Map.entry("TicketClassified", "agent-service: the ticket's text was understood."),
            Map.entry("ReplyDrafted", "agent-service: a reply was written."),
            Map.entry("RunRequested", "ingestion-service: the agent shall work on the ticket again."),
            Map.entry("CustomerReplied", "ingestion-service: the customer wrote again before the ticket was answered."),
            Map.entry("StatusSet", "ingestion-service: a person set the ticket's status."),
            Map.entry("TicketCorrected", "ingestion-service: a person said what the ticket is about."),
            Map.entry("CustomerErased", "ingestion-service: what is personal about the ticket's customer was erased."),
            Map.entry("RunStarted", "agent-service: the agent began with the ticket."),
            Map.entry("ToolsCalled", "agent-service: a model had tools look something up."),
            Map.entry("MessageTaken", "agent-service: the run takes a further message into account."),
            Map.entry("RunParked", "agent-service: the run waits for the outcome of an action."),
            Map.entry("RunCompleted", "agent-service: the agent is done with the ticket."),
            Map.entry("ActionRequested", "action-engine: a person asks for an action that belongs to no ticket."),
            Map.entry("ActionProposed", "agent-service: the agent asks for an action, by names and never by amounts."),
            Map.entry("ActionPrepared", "action-engine: arguments are resolved and checked, the effect is computed."),
            Map.entry("ActionStarted", "action-engine: the intent is committed, the provider is about to be called."),
            Map.entry("ActionSucceeded", "action-engine: it was done."),
            Map.entry("ActionFailed", "action-engine: it was not done and will not be."),
            Map.entry("ActionCancelled", "action-engine: it was called off before the provider was called."),
            Map.entry("ActionOutcomeUnknown", "action-engine: the provider's answer was lost; a reconciler asks."),
            Map.entry("ApprovalRequested", "approval-service: a person must decide."),
            Map.entry("ApprovalGranted", "approval-service: the action may be executed once, with these arguments."),
            Map.entry("ApprovalRejected", "approval-service: a person, or policy, said no."),
            Map.entry("ApprovalResponded", "approval-service: a person answers the agent instead of executing."),
            Map.entry("ApprovalEdited", "approval-service: a person changed the arguments; they are prepared anew."),
            Map.entry("ApprovalExpired", "approval-service: nobody decided in time."),
            Map.entry("ApprovalWithdrawn", "approval-service: the ticket went on without it; the action is off."),
            Map.entry("ActionsOffered", "action-engine: these actions have somebody who carries them out."),
            Map.entry("KillSwitchTurned", "action-engine: somebody stopped actions, or let them begin again."),
            Map.entry(
                    "BreakerOpened",
                    "action-engine: actions on a target failed so often that none begins for a while."),
            Map.entry(
                    "ExportRequested", "ingestion-service: services shall send what they hold of the ticket, sealed."),
            Map.entry("ExportAnswered", "agent-service, approval-service, action-engine: what is held of the ticket."));

    private final Map<String, Object> schemas = new TreeMap<>();
    private final Map<String, Object> messages = new LinkedHashMap<>();
    private final Map<String, Object> channels = new LinkedHashMap<>();

    /** The document as a tree of maps, lists and scalars. */
    static Map<String, Object> document() {
        return new AsyncApi().build();
    }

    private Map<String, Object> build() {
        channel(
                Topics.TICKET,
                "Every event of a ticket from every service, in one order per ticket; and what holds for a client.",
                namesOn(Topics.TICKET));
        channel(
                Topics.TICKET_BULK,
                "The same events, of tickets that came many at once: whose id is a UUID of version 8 (" + Topics.TICKET
                        + " has all others).",
                namesOn(Topics.TICKET));
        channel(
                Topics.EXPORT,
                "What services hold of a customer who asked for a copy, sealed for the service that makes the file.",
                namesOn(Topics.EXPORT));
        channel(
                Topics.FEED,
                "What a client's dashboards may see, in one order per client.",
                List.of("FeedRecord", "AiActivity"));
        channel(
                Topics.UPSTREAM,
                "Tickets that other systems write, each in the form that its source is configured for.",
                List.of("UpstreamTicket"));
        EventCatalog.all().forEach(this::message);
        feedMessage();
        activityMessage();
        upstreamTicket();
        deadLetter();
        headers();
        return ordered(
                "asyncapi",
                "3.0.0",
                "info",
                ordered(
                        "title", "OpsRelay events",
                        "version", "1.0.0",
                        "description",
                                "CloudEvents 1.0 in Kafka's binary mode: attributes in ce_* headers, JSON in the"
                                        + " value. A reader skips fields and types that it does not know. A"
                                        + " breaking change gets a new type ending in the next number."),
                "defaultContentType",
                "application/json",
                "channels",
                channels,
                "components",
                ordered("messages", messages, "schemas", schemas));
    }

    private static List<String> namesOn(String topic) {
        return EventCatalog.all().stream()
                .filter(event -> EventCatalog.typeOf(event).topic().equals(topic))
                .<String>map(Class::getSimpleName)
                .toList();
    }

    private void channel(String topic, String description, List<String> names) {
        Map<String, Object> references = new LinkedHashMap<>();
        names.forEach(name -> references.put(name, reference("messages", name)));
        channels.put(topic, channelOf(topic, description, references));
        String letters = topic + Topics.DEAD_LETTER_SUFFIX;
        channels.put(
                letters,
                channelOf(
                        letters,
                        "Records of " + topic + " that a consumer could not use, whole, with the reason.",
                        ordered("DeadLetter", reference("messages", "DeadLetter"))));
    }

    private static Map<String, Object> channelOf(String topic, String description, Map<String, Object> references) {
        return ordered(
                "address",
                "{prefix}." + topic,
                "description",
                description,
                "parameters",
                ordered(
                        "prefix",
                        ordered(
                                "description", "Tells deployments apart that share a broker.",
                                "default", "opsrelay")),
                "messages",
                references);
    }

    private void message(Class<? extends Event> event) {
        EventType type = EventCatalog.typeOf(event);
        String name = event.getSimpleName();
        String summary = Objects.requireNonNull(SUMMARIES.get(name), () -> name + " has no summary in AsyncApi");
        messages.put(
                name,
                ordered(
                        "name", type.value(),
                        "summary", summary,
                        "contentType", "application/json",
                        "headers", headersOf("EventHeaders", ordered(Headers.TYPE, ordered("const", type.value()))),
                        "payload", schemaOf(event),
                        "bindings", keyed("The ticket's id; of an action without a ticket, the action's.", "uuid")));
    }

    private void feedMessage() {
        schemas.put(
                "FeedData",
                ordered(
                        "type",
                        "object",
                        "description",
                        "What the frame carries; free of personal data that is not redacted. On the channel "
                                + Channels.METRICS + " it is " + MetricsUpdated.class.getSimpleName() + " besides.",
                        "required",
                        List.of("version"),
                        "properties",
                        ordered(
                                "version",
                                ordered(
                                        "type", "integer",
                                        "format", "int64",
                                        "minimum", 1,
                                        "description", "The entity's version after the change.")),
                        "additionalProperties",
                        true));
        schemaOf(MetricsUpdated.class);
        messages.put(
                "FeedRecord",
                ordered(
                        "name",
                        FeedRecord.CLOUD_EVENT_TYPE,
                        "summary",
                        "The service that owns the entity: something that dashboards show has changed.",
                        "contentType",
                        "application/json",
                        "headers",
                        headersOf(
                                "EventHeaders",
                                ordered(
                                        Headers.TYPE, ordered("const", FeedRecord.CLOUD_EVENT_TYPE),
                                        Headers.CHANNEL, ordered("type", "string", "enum", Channels.WRITTEN),
                                        Headers.FRAME, ordered("type", "string", "pattern", "^[a-z][a-z0-9_]*$")),
                                Headers.CHANNEL,
                                Headers.FRAME),
                        "payload",
                        reference("schemas", "FeedData"),
                        "bindings",
                        keyed("The client's id.", null)));
    }

    private void activityMessage() {
        schemas.put(
                "AiActivityData",
                ordered(
                        "type",
                        "object",
                        "description",
                        "An item of agent-service's list of activities, as it is in the list.",
                        "required",
                        List.of("ai_employee", "activity", "timestamp", "version"),
                        "properties",
                        ordered(
                                "ai_employee", string(null, "Who did it, as in the activity."),
                                "activity", schemaOf(AiActivity.class),
                                "timestamp", string("date-time", "When, as in the activity."),
                                "version", ordered("type", "integer", "format", "int64", "const", 1))));
        messages.put(
                "AiActivity",
                ordered(
                        "name",
                        AiActivity.FRAME,
                        "summary",
                        "agent-service: an AI employee did something.",
                        "contentType",
                        "application/json",
                        "headers",
                        headersOf(
                                "EventHeaders",
                                ordered(
                                        Headers.TYPE, ordered("const", FeedRecord.CLOUD_EVENT_TYPE),
                                        Headers.CHANNEL, ordered("const", Channels.AI),
                                        Headers.FRAME, ordered("const", AiActivity.FRAME),
                                        Headers.SUBJECT, string("uuid", "The activity's id.")),
                                Headers.CHANNEL,
                                Headers.FRAME),
                        "payload",
                        reference("schemas", "AiActivityData"),
                        "bindings",
                        keyed("The client's id.", null)));
    }

    private void upstreamTicket() {
        messages.put(
                "UpstreamTicket",
                ordered(
                        "name",
                        "upstream ticket",
                        "summary",
                        "Another system: somebody asks for something. A CloudEvent in binary or structured mode, or"
                                + " JSON with the header source.",
                        "payload",
                        ordered("description", "JSON; the source's mapping says where what stands.")));
    }

    private void deadLetter() {
        messages.put(
                "DeadLetter",
                ordered(
                        "name",
                        "dead letter",
                        "summary",
                        "Key, value and headers as they were read, and why they could not be used.",
                        "headers",
                        reference("schemas", "DeadLetterHeaders"),
                        "payload",
                        ordered("description", "The bytes of the record, whatever they are.")));
    }

    private void headers() {
        schemas.put(
                "EventHeaders",
                ordered(
                        "type", "object",
                        "required",
                                List.of(
                                        Headers.SPEC_VERSION,
                                        Headers.ID,
                                        Headers.SOURCE,
                                        Headers.TYPE,
                                        Headers.TIME,
                                        Headers.SUBJECT,
                                        Headers.CLIENT,
                                        Headers.CONTENT_TYPE),
                        "properties",
                                ordered(
                                        Headers.SPEC_VERSION, ordered("const", "1.0"),
                                        Headers.ID, string("uuid", "Unique per event: consumers apply each id once."),
                                        Headers.SOURCE, string(null, "The service that wrote it."),
                                        Headers.TYPE, string(null, "Says how to read the payload."),
                                        Headers.TIME, string("date-time", "When it happened, UTC."),
                                        Headers.SUBJECT, string(null, "The entity that it is about."),
                                        Headers.CLIENT, string(null, "The client (tenant) that owns it."),
                                        Headers.CAUSATION, string("uuid", "The event that caused it, if one did."),
                                        Headers.TRACE_PARENT, string(null, "W3C trace context."),
                                        Headers.CONTENT_TYPE, ordered("const", "application/json"))));
        schemas.put(
                "DeadLetterHeaders",
                ordered(
                        "type", "object",
                        "required",
                                List.of(
                                        Headers.DEAD_REASON,
                                        Headers.DEAD_CONSUMER,
                                        Headers.DEAD_ORIGIN,
                                        Headers.DEAD_TIME),
                        "properties",
                                ordered(
                                        Headers.DEAD_REASON, string(null, "Why, for a person."),
                                        Headers.DEAD_CONSUMER,
                                                string(null, "The consumer group that could not use it."),
                                        Headers.DEAD_ORIGIN, string(null, "topic-partition@offset it was read from."),
                                        Headers.DEAD_TIME, string("date-time", "When it was set aside, UTC."),
                                        Headers.DEAD_CLIENT,
                                                string(null, "The client it belongs to, as the consumer knows it."))));
    }

    private static Map<String, Object> headersOf(String base, Map<String, Object> properties, String... required) {
        Map<String, Object> own = ordered("type", "object");
        if (required.length > 0) {
            own.put("required", List.of(required));
        }
        own.put("properties", properties);
        return ordered("allOf", List.of(reference("schemas", base), own));
    }

    private static Map<String, Object> keyed(String description, @Nullable String format) {
        return ordered("kafka", ordered("key", string(format, description), "bindingVersion", "0.5.0"));
    }

    private Map<String, Object> schemaOf(Class<?> type) {
        if (type.isRecord()) {
            String name = type.getSimpleName();
            if (!schemas.containsKey(name)) {
                schemas.put(name, Map.of());
                schemas.put(name, recordSchema(type));
            }
            return reference("schemas", name);
        }
        if (type.isEnum()) {
            return ordered(
                    "type",
                    "string",
                    "enum",
                    Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .toList());
        }
        return Objects.requireNonNull(
                scalar(type), () -> "AsyncApi does not know how " + type.getName() + " looks in JSON");
    }

    private Map<String, Object> recordSchema(Class<?> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = Arrays.stream(type.getRecordComponents())
                .filter(component -> !isNullable(component.getAnnotatedType()))
                .map(component -> snakeCase(component.getName()))
                .toList();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.put(snakeCase(component.getName()), schemaOf(component.getGenericType()));
        }
        return ordered("type", "object", "required", required, "properties", properties);
    }

    private Map<String, Object> schemaOf(Type type) {
        if (type instanceof Class<?> plain) {
            return plain == Object.class ? ordered() : schemaOf(plain);
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return ordered("type", "array", "items", schemaOf(arguments[0]));
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                return ordered(
                        "type",
                        "object",
                        "additionalProperties",
                        arguments[1] == Object.class ? true : schemaOf(arguments[1]));
            }
        }
        throw new IllegalArgumentException("AsyncApi does not know how " + type + " looks in JSON");
    }

    private static @Nullable Map<String, Object> scalar(Class<?> type) {
        return switch (type.getName()) {
            case "java.lang.String" -> ordered("type", "string");
            case "int", "java.lang.Integer" -> ordered("type", "integer", "format", "int32");
            case "long", "java.lang.Long" -> ordered("type", "integer", "format", "int64");
            case "double", "java.lang.Double" -> ordered("type", "number", "format", "double");
            case "java.lang.Number" -> ordered("type", "number");
            case "boolean", "java.lang.Boolean" -> ordered("type", "boolean");
            default -> {
                if (type == UUID.class) {
                    yield ordered("type", "string", "format", "uuid");
                }
                if (type == Instant.class) {
                    yield ordered("type", "string", "format", "date-time");
                }
                yield type == BigDecimal.class ? ordered("type", "string", "pattern", "^-?[0-9]+(\\.[0-9]+)?$") : null;
            }
        };
    }

    private static boolean isNullable(AnnotatedType type) {
        return type.isAnnotationPresent(Nullable.class);
    }

    private static Map<String, Object> string(@Nullable String format, String description) {
        Map<String, Object> schema = ordered("type", "string");
        if (format != null) {
            schema.put("format", format);
        }
        schema.put("description", description);
        return schema;
    }

    private static Map<String, Object> reference(String kind, String name) {
        return ordered("$ref", "#/components/" + kind + "/" + name);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
