// Made by `npm run api-types`; not to be changed by hand.

export type Accuracy = {
  readonly since: string;
  readonly judged: number;
  readonly corrected: number;
  readonly confirmed: number;
  readonly accuracy: number | null;
  readonly not_learned: number;
  readonly versions: readonly AccuracyOfVersion[];
  readonly categories: readonly AccuracyOfCategory[];
  readonly confusion: readonly AccuracyConfused[];
};

export type AccuracyConfused = {
  readonly classified: string;
  readonly corrected: string;
  readonly count: number;
};

export type AccuracyOfCategory = {
  readonly category: string;
  readonly judged: number;
  readonly corrected: number;
  readonly confirmed: number;
  readonly accuracy?: number;
  readonly missed: number;
};

export type AccuracyOfVersion = {
  readonly model_version: string;
  readonly judged: number;
  readonly corrected: number;
  readonly confirmed: number;
  readonly accuracy?: number;
};

export type ActionControllerOutcome = {
  readonly outcome?: "done" | "not_done";
  readonly reason?: string;
};

export type ActionControllerReason = {
  readonly reason?: string;
};

export type ActionFacts = {
  readonly category: string;
  readonly risk: string;
  readonly reversible: boolean;
  readonly target?: string;
  readonly environment?: string;
  readonly confidence?: number;
  readonly customer_verified?: boolean;
  readonly break_glass?: string;
};

export type ActionResource = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly action_type: string;
  readonly status: "requested" | "prepared" | "awaiting_approval" | "approved" | "expired" | "executing" | "succeeded" | "failed" | "unknown" | "settling" | "cancelled" | "rejected";
  readonly version: number;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly arguments_hash?: string;
  readonly effect?: Effect;
  readonly requester: string;
  readonly editor?: string;
  readonly approval_id?: string;
  readonly decided_by?: string;
  readonly provider?: string;
  readonly target?: string;
  readonly environment?: string;
  readonly break_glass?: string;
  readonly retry_of?: string;
  readonly undoes?: string;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly failure?: ActionResourceFailure;
  readonly steps: readonly ActionStoreStep[];
  readonly created_at: string;
  readonly updated_at: string;
};

export type ActionResourceFailure = {
  readonly code: string;
  readonly reason: string;
};

export type ActionStoreStep = {
  readonly step: string;
  readonly at: string;
  readonly detail?: string;
};

export type AiActivity = {
  readonly activity_id: string;
  readonly ai_employee: string;
  readonly type: "call" | "booking" | "email" | "task";
  readonly description: string;
  readonly ticket_id?: string;
  readonly customer?: string;
  readonly outcome?: string;
  readonly timestamp: string;
};

export type AmountRange = {
  readonly over?: string;
  readonly up_to?: string;
  readonly currency: string;
};

export type ApprovalControllerVersions = {
  readonly items: readonly ApprovalResource[];
};

export type ApprovalControllerWaiting = {
  readonly count: number;
  readonly expiring_soon: number;
  readonly items: readonly ApprovalResource[];
};

export type ApprovalResource = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly version: number;
  readonly action_type: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly arguments_hash: string;
  readonly effect: Effect;
  readonly facts?: ActionFacts;
  readonly ticket?: TicketBrief;
  readonly editable?: Readonly<Record<string, unknown>>;
  readonly requester: string;
  readonly editor?: string;
  readonly said_by_requester: Readonly<Record<string, string>>;
  readonly rule: string;
  readonly policy_version: number;
  readonly rule_in_words?: string;
  readonly votes: readonly ApprovalResourceVote[];
  readonly votes_needed: number;
  readonly may_decide: readonly ("viewer" | "agent" | "approver" | "sre" | "admin" | "ingest" | "operator")[];
  readonly barred: readonly string[];
  readonly status: "pending" | "approved" | "rejected" | "responded" | "expired" | "cancelled";
  readonly decision?: "approve" | "reject" | "edit" | "respond";
  readonly decided_by?: string;
  readonly reason?: string;
  readonly edited_arguments?: Readonly<Record<string, unknown>>;
  readonly edit_refused?: string;
  readonly ticket_changed_at?: string;
  readonly superseded_by?: string;
  readonly claimed_by?: string;
  readonly claimed_until?: string;
  readonly reminders: number;
  readonly remind_at?: string;
  readonly escalate_at?: string;
  readonly escalated_at?: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly decided_at?: string;
};

export type ApprovalResourceVote = {
  readonly by: string;
  readonly reason?: string;
  readonly at: string;
};

export type ApprovalStatsFigures = {
  readonly action_type?: string;
  readonly total: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly by_policy: number;
  readonly by_people: number;
  readonly approval_rate?: number;
  readonly median_seconds?: number;
  readonly p95_seconds?: number;
};

export type ApprovalStatsStats = {
  readonly from: string;
  readonly to: string;
  readonly all: ApprovalStatsFigures;
  readonly by_action_type: readonly ApprovalStatsFigures[];
};

export type ArticleBody = {
  readonly id?: string;
  readonly title?: string;
  readonly language?: string;
  readonly intents?: readonly string[];
  readonly format?: "markdown" | "html" | "text";
  readonly content?: string;
  readonly source_url?: string;
};

export type AttachmentEndpointFiles = {
  readonly items: readonly TicketFile[];
};

export type AuditResource = {
  readonly sealed: boolean;
  readonly seq: number | null;
  readonly previous?: string;
  readonly hash?: string;
  readonly entry: Readonly<Record<string, unknown>>;
};

export type CannedReplyBody = {
  readonly name?: string;
  readonly text?: string;
  readonly category?: string;
  readonly language?: string;
};

export type CannedReplyControllerCannedReplyResource = {
  readonly reply_id: string;
  readonly name: string;
  readonly text: string;
  readonly category?: string;
  readonly language?: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ChannelBody = {
  readonly channel_id?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly addresses?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly enabled?: boolean;
};

export type ChannelControllerChannelResource = {
  readonly channel_id: string;
  readonly kind: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: readonly ChannelControllerSecretResource[];
  readonly enabled: boolean;
  readonly webhook_path?: string;
  readonly made?: Readonly<Record<string, string>>;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ChannelControllerNewSecret = {
  readonly value?: string;
};

export type ChannelControllerSecretResource = {
  readonly name: string;
  readonly set_at: string;
  readonly previous_until?: string;
};

export type Check = {
  readonly condition: string;
  readonly holds: boolean;
  readonly because: string;
};

export type ClaimRequest = {
  readonly force?: boolean;
};

export type ClassifierControllerClassifierView = {
  readonly status: "none" | "training" | "ready" | "failed";
  readonly version?: number;
  readonly newest_version?: number;
  readonly reason?: string;
  readonly progress?: number;
  readonly trained_at?: string;
  readonly examples?: number;
  readonly labels?: number;
  readonly accuracy?: number;
  readonly macro_f1?: number;
  readonly calibration_error?: number;
  readonly left_out: readonly string[];
  readonly label_figures: readonly LabelFiguresOfLabel[];
  readonly confusion: readonly LabelFiguresConfused[];
};

export type ClassifierControllerStarted = {
  readonly version: number;
  readonly status: "training" | "ready" | "failed";
};

export type ClassifierControllerVersionView = {
  readonly version: number;
  readonly status: "training" | "ready" | "failed";
  readonly active: boolean;
  readonly reason?: string;
  readonly progress: number;
  readonly requested_by: string;
  readonly requested_at: string;
  readonly finished_at?: string;
  readonly examples?: number;
  readonly labels?: number;
  readonly accuracy?: number;
  readonly calibration_error?: number;
  readonly left_out: readonly string[];
};

export type ClassifyControllerCandidate = {
  readonly category: string;
  readonly confidence: number;
};

export type ClassifyControllerClassifyAnswer = {
  readonly category: string;
  readonly confidence: number;
  readonly out_of_scope: boolean;
  readonly candidates: readonly ClassifyControllerCandidate[];
  readonly intent: string;
  readonly intent_confidence: number;
  readonly redacted_text: string;
  readonly redactions: readonly ClassifyControllerRedaction[];
  readonly language: string;
  readonly language_confidence: number;
  readonly sentiment: "negative" | "neutral" | "positive";
  readonly priority: "low" | "normal" | "high" | "urgent";
  readonly industry?: string;
  readonly region?: string;
  readonly method: string;
  readonly model_version: string;
  readonly processing_millis: number;
};

export type ClassifyControllerClassifyRequest = {
  readonly text?: string;
};

export type ClassifyControllerRedaction = {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
};

export type ClientBody = {
  readonly client_id?: string;
  readonly name?: string;
  readonly channels?: readonly ChannelBody[];
  readonly sources?: readonly string[];
};

export type ClientControllerClientResource = {
  readonly client_id: string;
  readonly name: string;
  readonly channels?: readonly ChannelControllerChannelResource[];
  readonly created_by: string;
  readonly created_at: string;
};

export type Connection = {
  /** names the gateway that the connection is at; another name each time that one is started */
  readonly gateway: string;
  readonly connection_id: string;
  readonly client_id?: string | null;
  readonly user: string;
  readonly transport: "websocket" | "sse" | "socket.io";
  readonly channels: readonly string[];
  /** Offsets between what was read of the client's feed and what was sent; absent where only the newest is sent */
  readonly lag?: number;
  /** Of events: all were sent, what was missed is being sent, or the connection takes nothing now; absent where there are no positions */
  readonly delivery?: "live" | "catching_up" | "paused";
  /** Reports of state channels that were not sent because a newer one of the same key came first */
  readonly conflated: number;
  /** Frames that nobody waits for (who is typing, old activities of Socket.IO) and that there was no room for */
  readonly dropped: number;
  readonly since: string;
};

export type Connections = {
  readonly items: readonly Connection[];
  readonly next_cursor: string | null;
};

export type Credentials = {
  readonly username: string;
  readonly password: string;
  /** Which of the person's clients, where there are several */
  readonly client_id?: string;
};

export type CustomerBodiesBecause = {
  readonly reason?: string;
};

export type CustomerBodiesChange = {
  readonly name?: string;
};

export type CustomerBodiesMerge = {
  readonly customer_id?: string;
  readonly reason?: string;
};

export type CustomerBodiesNewIdentity = {
  readonly type?: string;
  readonly source?: string;
  readonly value?: string;
};

export type CustomerBodiesNewNote = {
  readonly text?: string;
};

export type CustomerViewBlock = {
  readonly at: string;
  readonly by: string;
  readonly reason: string;
};

export type CustomerViewDetail = {
  readonly customer_id: string;
  readonly email: string;
  readonly name?: string;
  readonly blocked: boolean;
  readonly erased_at?: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly block?: CustomerViewBlock;
  readonly identities: readonly CustomerViewIdentity[];
  readonly notes_count: number;
  readonly tickets_count: number;
  readonly tickets: Readonly<Record<string, number>>;
  readonly recent_tickets: readonly CustomerViewRecentTicket[];
};

export type CustomerViewIdentity = {
  readonly type: "email" | "external";
  readonly source?: string;
  readonly value: string;
  readonly primary: boolean;
  readonly created_at: string;
};

export type CustomerViewNote = {
  readonly note_id: string;
  readonly text: string;
  readonly author: string;
  readonly created_at: string;
};

export type CustomerViewRecentTicket = {
  readonly ticket_id: string;
  readonly subject: string;
  readonly status: "received" | "analyzing" | "awaiting_approval" | "acting" | "resolved" | "escalated" | "failed" | "closed";
  readonly channel: string;
  readonly created_at: string;
};

export type CustomerViewSummary = {
  readonly customer_id: string;
  readonly email: string;
  readonly name?: string;
  readonly blocked: boolean;
  readonly erased_at?: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type DeadLetterEndpointBulkBody = {
  readonly topic?: string;
  readonly consumer?: string;
  readonly event_type?: string;
  readonly reason?: string;
  readonly from?: string;
  readonly to?: string;
};

export type DeadLetterEndpointDiscardBody = {
  readonly reason?: string;
};

export type DeadLetterEndpointReplayBody = {
  readonly value?: unknown;
};

export type DeadLetterEndpointReplaying = {
  readonly replaying: number;
  readonly more: boolean;
};

export type DecisionRequest = {
  readonly decision?: "approve" | "reject" | "edit" | "respond";
  readonly reason?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
};

export type DeliveriesReplayed = {
  readonly replayed: number;
  readonly more: boolean;
};

export type DeliveryControllerAttemptResource = {
  readonly at: string;
  readonly status?: number;
  readonly error?: string;
  readonly duration_ms: number;
  readonly answer?: string;
};

export type DeliveryControllerDeliveryResource = {
  readonly delivery_id: string;
  readonly message_id: string;
  readonly event_type: string;
  readonly status: "pending" | "delivered" | "failed";
  readonly body: string;
  readonly attempts: readonly DeliveryControllerAttemptResource[];
  readonly next_attempt_at?: string;
  readonly created_at: string;
  readonly settled_at?: string;
};

export type DeliveryControllerReplayBody = {
  readonly since?: string;
};

export type DeploymentControllerReceipt = {
  readonly action_id: string;
  readonly action_type: string;
};

export type DeploymentControllerScaledTarget = {
  readonly service_name?: string;
  readonly target_type?: string;
  readonly cluster_name?: string;
  readonly namespace?: string;
  readonly region?: string;
  readonly replicas?: number;
  readonly min_replicas?: number;
  readonly max_replicas?: number;
  readonly reason?: string;
};

export type DeploymentControllerTarget = {
  readonly service_name?: string;
  readonly target_type?: string;
  readonly cluster_name?: string;
  readonly namespace?: string;
  readonly region?: string;
  readonly reason?: string;
};

export type DeploymentResource = {
  readonly target: string;
  readonly target_type: string;
  readonly service_name: string;
  readonly cluster_name?: string;
  readonly namespace?: string;
  readonly region?: string;
  readonly actions: readonly string[];
  readonly protected: boolean;
  readonly alone: DeploymentResourceAlone;
  readonly state: "found" | "missing" | "refused" | "unreachable";
  readonly problem?: string;
  readonly environment?: string;
  readonly replicas?: number;
  readonly ready_replicas?: number;
  readonly autoscaler?: Scaling;
  readonly image?: string;
  readonly revision?: string;
  readonly rollout?: string;
  readonly changed_at?: string;
};

export type DeploymentResourceAlone = {
  readonly min_replicas: number;
  readonly max_replicas: number;
  readonly max_step: number;
};

export type DescribedAction = {
  readonly action_type?: string;
  readonly category?: string;
  readonly amount?: string;
  readonly currency?: string;
  readonly target?: string;
  readonly environment?: string;
  readonly confidence?: number;
  readonly requester?: string;
  readonly customer_verified?: boolean;
  readonly outside_guardrails?: boolean;
  readonly break_glass?: boolean;
  readonly at?: string;
};

export type DeskBodiesAssigneeBody = {
  readonly assignee: string | null;
};

export type DeskBodiesCategoryBody = {
  readonly category?: string;
  readonly reason?: string;
};

export type DeskBodiesLanguageBody = {
  readonly language?: string;
};

export type DeskBodiesMergeBody = {
  readonly into?: string;
  readonly reason?: string;
};

export type DeskBodiesMessageBody = {
  readonly text?: string;
  readonly internal?: boolean;
  readonly attachments?: readonly string[];
};

export type DeskBodiesPriorityBody = {
  readonly priority?: "low" | "normal" | "high" | "urgent";
};

export type DeskBodiesReplyBody = {
  readonly text?: string;
  readonly external_id?: string;
};

export type DeskBodiesRetryBody = {
  readonly reason?: string;
};

export type DeskBodiesSentimentBody = {
  readonly sentiment?: string;
};

export type DeskBodiesStatusBody = {
  readonly status?: "resolved" | "escalated" | "closed";
  readonly reason?: string;
};

export type DeskBodiesTagsBody = {
  readonly tags?: readonly string[];
};

export type DeskChanged = {
  readonly ticket_id: string;
  readonly status: "received" | "analyzing" | "awaiting_approval" | "acting" | "resolved" | "escalated" | "failed" | "closed";
  readonly version: number;
};

export type DeskEndpointReceipt = {
  readonly ticket_id: string;
  readonly message_id: string;
  readonly state: string;
};

export type DeskEndpointReplyReceipt = {
  readonly ticket_id: string;
  readonly message_id: string;
  readonly outcome: string;
};

export type DryRunDiff = {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
};

export type DryRunOutlook = {
  readonly action_type: string;
  readonly possible: boolean;
  readonly category: string;
  readonly risk: string;
  readonly reversible: boolean;
  readonly provider?: string;
  readonly target?: string;
  readonly environment?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly effect?: Effect;
  readonly diff?: DryRunDiff;
  readonly guardrails: readonly Finding[];
  readonly refusal?: DryRunRefusal;
};

export type DryRunRefusal = {
  readonly code: string;
  readonly reason: string;
};

export type Effect = {
  readonly summary: string;
  readonly money?: Money;
  readonly details: Readonly<Record<string, unknown>>;
};

export type EmployeeBody = {
  readonly display_name?: string;
  readonly role?: string;
  readonly avatar?: string;
  readonly tone?: "friendly" | "formal" | "concise";
  readonly primary_metric?: EmployeeBodyMetricBody;
  readonly tools?: readonly string[];
  readonly intents?: readonly string[];
  readonly languages?: readonly string[];
  readonly enabled?: boolean;
};

export type EmployeeBodyMetricBody = {
  readonly name?: string;
  readonly unit?: string;
};

export type EmployeeControllerEmployeeResource = {
  readonly name: string;
  readonly display_name: string;
  readonly role: string;
  readonly avatar?: string;
  readonly tone: "friendly" | "formal" | "concise";
  readonly primary_metric: EmployeeControllerPrimaryMetric;
  readonly tools: readonly string[];
  readonly intents: readonly string[];
  readonly languages: readonly string[];
  readonly enabled: boolean;
  readonly status: "active" | "idle" | "offline";
  readonly latest_activity: AiActivity | null;
  readonly today: EmployeeControllerToday;
  readonly created_at: string;
  readonly updated_at: string;
};

export type EmployeeControllerPrimaryMetric = {
  readonly name: string;
  readonly unit: string;
  readonly value: number | null;
};

export type EmployeeControllerToday = {
  readonly runs: number;
  readonly resolved: number;
  readonly escalated: number;
  readonly failed: number;
  readonly average_handling_seconds: number | null;
  readonly resolved_without_person: number | null;
};

export type EndpointBody = {
  readonly url?: string;
  readonly event_types?: readonly string[];
  readonly description?: string;
  readonly disabled?: boolean;
};

export type EndpointControllerEndpointResource = {
  readonly webhook_id: string;
  readonly url: string;
  readonly event_types: readonly string[];
  readonly description?: string;
  readonly disabled: boolean;
  readonly disabled_reason?: "by_hand" | "gone" | "failing";
  readonly failing_since?: string;
  readonly secret?: string;
  readonly previous_secret_until?: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly updated_at: string;
};

export type ErasureErased = {
  readonly customer_id: string;
  readonly status: string;
  readonly tickets: number;
  readonly erased: number;
  readonly started_at: string;
  readonly ended_at?: string;
};

export type EventWebhooksReceived = {
  readonly status: string;
  readonly events: number;
};

export type ExampleStoreExample = {
  readonly example_id: string;
  readonly text: string;
  readonly label: string;
  readonly source: "upload" | "correction";
  readonly ticket_id?: string;
  readonly created_by: string;
  readonly created_at: string;
};

export type ExamplesControllerCorrected = {
  readonly example_id: string;
  readonly training_version?: number;
};

export type ExamplesControllerCorrection = {
  readonly ticket_id?: string;
  readonly text?: string;
  readonly label?: string;
};

export type ExamplesControllerRemoved = {
  readonly removed: number;
};

export type ExamplesControllerTaken = {
  readonly added: number;
  readonly examples: number;
  readonly labels: number;
};

export type ExportStoreExport = {
  readonly export_id: string;
  readonly customer_id: string;
  readonly status: string;
  readonly requested_at: string;
  readonly answers?: number;
  readonly answers_expected?: number;
  readonly ready_at?: string;
  readonly size?: number;
  readonly incomplete: readonly string[];
};

export type FiledMailControllerAcceptance = {
  readonly customer_email?: string;
};

export type FiledMailControllerAcceptedResource = {
  readonly ticket_id: string;
};

export type FiledMailControllerFiledMailResource = {
  readonly filed_id: string;
  readonly reason: string;
  readonly detail?: string;
  readonly state: string;
  readonly sender?: string;
  readonly sender_verified: boolean;
  readonly subject: string;
  readonly preview: string;
  readonly message_id: string;
  readonly channel_id: string;
  readonly ticket_id?: string;
  readonly accepted_by?: string;
  readonly accepted_as?: string;
  readonly size: number;
  readonly created_at: string;
};

export type Finding = {
  readonly rule: string;
  readonly kind: string;
  readonly reason: string;
  readonly set_aside: boolean;
};

export type GuardrailControllerRulesBody = {
  readonly rules?: readonly RuleBody[];
  readonly reason?: string;
};

export type GuardrailControllerSwitchBody = {
  readonly on?: boolean;
  readonly reason?: string;
};

export type GuardrailControllerTargetBody = {
  readonly target?: string;
  readonly reason?: string;
};

export type GuardrailStoreBreakerState = {
  readonly target: string;
  readonly failures: number;
  readonly last_failure_at: string;
  readonly open_until?: string;
  readonly rule: string;
};

export type Health = {
  readonly status: "healthy" | "degraded" | "down";
  readonly timestamp: string;
  /** live connections of this gateway */
  readonly connections: number;
  readonly feed: "up" | "down";
  /** Records of the feed that this gateway has not read yet; absent while that is not known */
  readonly feed_lag?: number;
  /** When Kafka last told this gateway what is new in the feed, which may be nothing. While the feed is down nothing since then is known here; absent before it first has */
  readonly feed_read_at?: string;
  readonly services: readonly ServiceHealth[];
};

export type IndexControllerIndexStatus = {
  readonly state: "off" | "embedding" | "failing" | "ready";
  readonly model?: string;
  readonly passages: number;
  readonly embedded: number;
  readonly trouble?: string;
};

export type IntakeEndpointReceipt = {
  readonly ticket_id: string;
  readonly status: "received" | "analyzing" | "awaiting_approval" | "acting" | "resolved" | "escalated" | "failed" | "closed";
};

export type KillSwitch = {
  readonly own?: KillSwitchTurn;
  readonly of_all?: KillSwitchTurn;
};

export type KillSwitchTurn = {
  readonly on: boolean;
  readonly by: string;
  readonly at: string;
  readonly reason: string;
};

export type KnowledgeControllerArticleResource = {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly intents: readonly string[];
  readonly format: "markdown" | "html" | "text";
  readonly content: string;
  readonly source_url?: string;
  readonly passages: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export type KnowledgeControllerArticleSummary = {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly intents: readonly string[];
  readonly format: "markdown" | "html" | "text";
  readonly source_url?: string;
  readonly passages: number;
  readonly created_at: string;
  readonly updated_at: string;
};

export type KnowledgeControllerBulkReceipt = {
  readonly articles: number;
};

export type KnowledgeControllerFoundPassage = {
  readonly article_id: string;
  readonly title: string;
  readonly language: string;
  readonly heading?: string;
  readonly text: string;
  readonly snippet: string;
  readonly score: number;
  readonly similarity?: number;
};

export type KnowledgeControllerSearchResult = {
  readonly items: readonly KnowledgeControllerFoundPassage[];
  readonly note?: string;
};

export type LabelFiguresConfused = {
  readonly actual: string;
  readonly predicted: string;
  readonly count: number;
};

export type LabelFiguresOfLabel = {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
};

export type LetterResourceContent = {
  readonly encoding: "json" | "text" | "base64";
  readonly data: unknown;
  readonly size: number;
  readonly truncated: boolean;
};

export type LetterResourceDetail = {
  readonly letter: LetterResourceSummary;
  readonly headers: readonly LetterResourceHeaderResource[];
  readonly value?: LetterResourceContent;
  readonly edited?: LetterResourceContent;
};

export type LetterResourceHeaderResource = {
  readonly name: string;
  readonly value?: string;
};

export type LetterResourceSummary = {
  readonly letter_id: string;
  readonly state: string;
  readonly topic: string;
  readonly origin: string;
  readonly consumer: string;
  readonly reason: string;
  readonly event_type?: string;
  readonly event_id?: string;
  readonly key?: string;
  readonly replay_of?: string;
  readonly set_aside_at: string;
  readonly created_at: string;
  readonly settled_by?: string;
  readonly settled_at?: string;
  readonly note?: string;
};

export type LocalMailboxArrivedMail = {
  readonly message_id: string;
  readonly rfc822_message_id?: string;
  readonly from: string;
  readonly to: string;
  readonly reply_to: string;
  readonly subject: string;
  readonly text: string;
  readonly sent_at?: string;
};

export type LocalMailboxEndpointMailboxResource = {
  readonly note: string;
  readonly items: readonly LocalMailboxArrivedMail[];
};

export type Looked = {
  readonly rule: string;
  readonly matches: boolean;
  readonly checks: readonly Check[];
};

export type MailControllerMailResource = {
  readonly email_id: string;
  readonly recipient: string;
  readonly status: "pending" | "sent" | "failed" | "dropped";
  readonly attempts: number;
  readonly notices: number;
  readonly error?: string;
  readonly created_at: string;
  readonly settled_at?: string;
};

export type MailControllerRecipientResource = {
  readonly address: string;
  readonly role?: "viewer" | "agent" | "approver" | "sre" | "admin" | "ingest" | "operator";
  readonly event_types: readonly string[];
};

export type MailControllerSettingsResource = {
  readonly email_available: boolean;
  readonly recipients: readonly MailControllerRecipientResource[];
  readonly changed_by?: string;
  readonly changed_at?: string;
};

export type MailEndpointMailList = {
  readonly items: readonly MailEndpointMailResource[];
};

export type MailEndpointMailResource = {
  readonly message_id: string;
  readonly state: string;
  readonly recipient?: string;
  readonly rfc822_message_id?: string;
  readonly provider?: string;
  readonly provider_message_id?: string;
  readonly attempts: number;
  readonly error?: string;
  readonly created_at: string;
  readonly attempted_at?: string;
  readonly sent_at?: string;
  readonly settled_at?: string;
};

export type MailEndpointSuppressionResource = {
  readonly email: string;
  readonly reason: string;
  readonly message_id: string;
  readonly created_at: string;
};

export type MailboxControllerMailboxResource = {
  readonly channel_id: string;
  readonly polled_at?: string;
  readonly failing_since?: string;
  readonly failures: number;
  readonly last_error?: string;
};

export type ModelControllerModelView = {
  readonly name: string;
  readonly provider: "openai" | "ollama" | "anthropic";
  readonly model: string;
  readonly input_price_usd: number;
  readonly output_price_usd: number;
  readonly timeout: string;
  readonly max_output_tokens: number;
  readonly breaker: "closed" | "open" | "half_open";
};

export type Money = {
  readonly amount: string;
  readonly currency: string;
};

export type Order = {
  readonly order_id: string;
  readonly customer_email: string;
  readonly status: string;
  readonly total?: number;
  readonly currency?: string;
  readonly items?: string;
  readonly tracking?: string;
  readonly placed_at?: string;
  readonly expected_at?: string;
};

export type OrderControllerLoaded = {
  readonly orders: number;
};

export type PageOfActionResource = {
  readonly items: readonly ActionResource[];
  readonly next_cursor: string | null;
};

export type PageOfAiActivity = {
  readonly items: readonly AiActivity[];
  readonly next_cursor: string | null;
};

export type PageOfApprovalResource = {
  readonly items: readonly ApprovalResource[];
  readonly next_cursor: string | null;
};

export type PageOfAuditResource = {
  readonly items: readonly AuditResource[];
  readonly next_cursor: string | null;
};

export type PageOfCannedReplyControllerCannedReplyResource = {
  readonly items: readonly CannedReplyControllerCannedReplyResource[];
  readonly next_cursor: string | null;
};

export type PageOfChannelControllerChannelResource = {
  readonly items: readonly ChannelControllerChannelResource[];
  readonly next_cursor: string | null;
};

export type PageOfClassifierControllerVersionView = {
  readonly items: readonly ClassifierControllerVersionView[];
  readonly next_cursor: string | null;
};

export type PageOfClientControllerClientResource = {
  readonly items: readonly ClientControllerClientResource[];
  readonly next_cursor: string | null;
};

export type PageOfCustomerViewNote = {
  readonly items: readonly CustomerViewNote[];
  readonly next_cursor: string | null;
};

export type PageOfCustomerViewSummary = {
  readonly items: readonly CustomerViewSummary[];
  readonly next_cursor: string | null;
};

export type PageOfDeliveryControllerDeliveryResource = {
  readonly items: readonly DeliveryControllerDeliveryResource[];
  readonly next_cursor: string | null;
};

export type PageOfDeploymentResource = {
  readonly items: readonly DeploymentResource[];
  readonly next_cursor: string | null;
};

export type PageOfEmployeeControllerEmployeeResource = {
  readonly items: readonly EmployeeControllerEmployeeResource[];
  readonly next_cursor: string | null;
};

export type PageOfEndpointControllerEndpointResource = {
  readonly items: readonly EndpointControllerEndpointResource[];
  readonly next_cursor: string | null;
};

export type PageOfExampleStoreExample = {
  readonly items: readonly ExampleStoreExample[];
  readonly next_cursor: string | null;
};

export type PageOfFiledMailControllerFiledMailResource = {
  readonly items: readonly FiledMailControllerFiledMailResource[];
  readonly next_cursor: string | null;
};

export type PageOfGuardrailStoreBreakerState = {
  readonly items: readonly GuardrailStoreBreakerState[];
  readonly next_cursor: string | null;
};

export type PageOfKnowledgeControllerArticleSummary = {
  readonly items: readonly KnowledgeControllerArticleSummary[];
  readonly next_cursor: string | null;
};

export type PageOfLetterResourceSummary = {
  readonly items: readonly LetterResourceSummary[];
  readonly next_cursor: string | null;
};

export type PageOfMailControllerMailResource = {
  readonly items: readonly MailControllerMailResource[];
  readonly next_cursor: string | null;
};

export type PageOfMailEndpointSuppressionResource = {
  readonly items: readonly MailEndpointSuppressionResource[];
  readonly next_cursor: string | null;
};

export type PageOfMailboxControllerMailboxResource = {
  readonly items: readonly MailboxControllerMailboxResource[];
  readonly next_cursor: string | null;
};

export type PageOfModelControllerModelView = {
  readonly items: readonly ModelControllerModelView[];
  readonly next_cursor: string | null;
};

export type PageOfPolicyStoreVersionLine = {
  readonly items: readonly PolicyStoreVersionLine[];
  readonly next_cursor: string | null;
};

export type PageOfRequestControllerEntry = {
  readonly items: readonly RequestControllerEntry[];
  readonly next_cursor: string | null;
};

export type PageOfRulebook = {
  readonly items: readonly Rulebook[];
  readonly next_cursor: string | null;
};

export type PageOfRunControllerRunView = {
  readonly items: readonly RunControllerRunView[];
  readonly next_cursor: string | null;
};

export type PageOfRunEndpointRunResource = {
  readonly items: readonly RunEndpointRunResource[];
  readonly next_cursor: string | null;
};

export type PageOfSandboxControllerPayment = {
  readonly items: readonly SandboxControllerPayment[];
  readonly next_cursor: string | null;
};

export type PageOfTicketViewEntry = {
  readonly items: readonly TicketViewEntry[];
  readonly next_cursor: string | null;
};

export type PageOfTicketViewListed = {
  readonly items: readonly TicketViewListed[];
  readonly next_cursor: string | null;
};

export type PageOfTicketViewMessage = {
  readonly items: readonly TicketViewMessage[];
  readonly next_cursor: string | null;
};

export type PageOfToolControllerToolView = {
  readonly items: readonly ToolControllerToolView[];
  readonly next_cursor: string | null;
};

export type PageOfWorkflowControllerSettings = {
  readonly items: readonly WorkflowControllerSettings[];
  readonly next_cursor: string | null;
};

export type Policy = {
  readonly rules: readonly Rule[];
};

export type PolicyControllerPolicyChange = {
  readonly rules: readonly Rule[];
  readonly reason?: string;
};

export type PolicyStoreVersionLine = {
  readonly version: number;
  readonly rule_count: number;
  readonly changed_by: string;
  readonly changed_at: string;
  readonly reason?: string;
};

export type PolicyVersion = {
  readonly version: number;
  readonly rules: readonly Rule[];
  readonly changed_by?: string;
  readonly changed_at?: string;
  readonly reason?: string;
};

export type PostedTicket = {
  readonly subject?: string;
  readonly body?: string;
  readonly customer_email?: string;
  readonly channel?: string;
  readonly priority?: string;
  readonly external_id?: string;
  readonly metadata?: Readonly<Record<string, string>>;
};

export type PrivacyEndpointErase = {
  readonly confirm?: string;
  readonly reason?: string;
};

/** RFC 9457 */
export type Problem = {
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly {
    readonly field: string;
    readonly reason: string;
  }[];
  readonly service?: string;
  readonly request_id?: string;
};

export type ProcessedEndpointReceipt = {
  readonly success: boolean;
  readonly ticketId: string;
  readonly status: string;
  readonly duplicate: boolean;
};

export type RebuildStoreProgress = {
  readonly rebuild_id: string;
  readonly asked_by: string;
  readonly asked_at: string;
  readonly state: string;
  readonly steps: number;
  readonly changed_at: string;
};

export type RedactionControllerRedactionView = {
  readonly ticket_id: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly tokens: readonly string[];
  readonly reveals: readonly RedactionStoreReveal[];
  readonly updated_at: string;
};

export type RedactionControllerRevealRequest = {
  readonly reason?: string;
};

export type RedactionControllerRevealedView = {
  readonly ticket_id: string;
  readonly values: Readonly<Record<string, string>>;
};

export type RedactionStoreReveal = {
  readonly revealed_by: string;
  readonly reason: string;
  readonly revealed_at: string;
};

export type Redemption = {
  readonly code: string;
  readonly code_verifier: string;
  readonly redirect_uri: string;
  readonly nonce: string;
};

export type Renewal = {
  readonly client_id?: string;
};

export type RequestControllerBody = {
  readonly action_type?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  readonly break_glass?: string;
  readonly undoes?: string;
};

export type RequestControllerEntry = {
  readonly action_type: string;
  readonly category: string;
  readonly description: string;
  readonly risk: string;
  readonly reversible: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly providers: readonly string[];
  readonly accepting: boolean;
  readonly requesters: readonly string[];
};

export type RequestControllerReceipt = {
  readonly action_id: string;
  readonly action_type: string;
};

export type RequestControllerRehearsal = {
  readonly action_id?: string;
  readonly action_type?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  readonly break_glass?: string;
  readonly undoes?: string;
};

export type Rule = {
  readonly name: string;
  readonly when?: When;
  readonly then: Then;
};

export type RuleBody = {
  readonly name?: string;
  readonly kind?: string;
  readonly targets?: readonly string[];
  readonly action_types?: readonly string[];
  readonly pause?: string;
  readonly per_hour?: number;
  readonly per?: string;
  readonly count?: number;
  readonly sums?: Readonly<Record<string, string>>;
  readonly mode?: string;
  readonly days?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly zone?: string;
  readonly failures?: number;
  readonly within?: string;
  readonly open_for?: string;
  readonly min_replicas?: number;
  readonly max_replicas?: number;
  readonly max_step?: number;
};

export type Rulebook = {
  readonly version: number;
  readonly rules: readonly RuleBody[];
  readonly changed_by?: string;
  readonly changed_at?: string;
  readonly reason?: string;
};

export type RunBody = {
  readonly channel_id?: string;
  readonly force?: boolean;
  readonly limit?: number;
  readonly only_unprocessed?: boolean;
  readonly industry?: string;
};

export type RunControllerRunView = {
  readonly run_id: string;
  readonly ticket_id: string;
  readonly status: "queued" | "working" | "parked" | "resolved" | "escalated" | "failed";
  readonly engine: string;
  readonly action_id?: string;
  readonly category?: string;
  readonly language?: string;
  readonly steps: readonly RunStepTaken[];
  readonly usage?: Usage;
  readonly created_at: string;
  readonly updated_at: string;
};

export type RunEndpointRunResource = {
  readonly run_id: string;
  readonly channel_id: string;
  readonly trigger: string;
  readonly state: string;
  readonly force: boolean;
  readonly limit: number;
  readonly only_unprocessed: boolean;
  readonly industry?: string;
  readonly total: number;
  readonly waiting: number;
  readonly successful: number;
  readonly failed: number;
  readonly skipped: number;
  readonly comments_taken: number;
  readonly total_millis: number;
  readonly error?: string;
  readonly tickets?: readonly RunTicketsRunTicket[];
  readonly created_by: string;
  readonly created_at: string;
  readonly finished_at?: string;
};

export type RunStepTaken = {
  readonly at: string;
  readonly step: string;
  readonly detail: string;
};

export type RunTicketsRunTicket = {
  readonly zendesk_id: number;
  readonly ticket_id?: string;
  readonly state: string;
  readonly reason?: string;
  readonly processed_at?: string;
  readonly duplicates: number;
  readonly comments_taken: number;
  readonly comment_added: boolean;
  readonly comment_updated: boolean;
  readonly draft_status: string;
  readonly draft_word_count: number;
  readonly preview?: string;
  readonly updated_at: string;
};

export type SandboxControllerChargeResource = {
  readonly charge_id: string;
  readonly amount: string;
  readonly currency: string;
  readonly customer_email: string;
  readonly created_at: string;
  readonly provider: string;
};

export type SandboxControllerPayment = {
  readonly order_id: string;
  readonly charge: SandboxControllerChargeResource;
  readonly refunds: readonly SandboxControllerRefundResource[];
};

export type SandboxControllerRefundResource = {
  readonly refund_id: string;
  readonly amount: string;
  readonly currency: string;
  readonly created_at: string;
  readonly idempotency_key: string;
};

export type Scaling = {
  readonly min_replicas: number;
  readonly max_replicas: number;
};

export type ServiceHealth = {
  readonly name: string;
  readonly status: "up" | "down";
  /** When this gateway first found it so */
  readonly since: string;
  readonly checked_at: string;
  /** those that requests go to */
  readonly instances: number;
  readonly ready: number;
};

export type SettingsBody = {
  readonly recipients?: readonly SettingsBodyRecipientBody[];
};

export type SettingsBodyRecipientBody = {
  readonly address?: string;
  readonly role?: string;
  readonly event_types?: readonly string[];
};

export type SignInConfig = {
  readonly mode: "standalone" | "oidc";
  readonly issuer?: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly client_id?: string;
  readonly scope?: string;
  /** false where the page is of another site than the gateway, so that the browser keeps no cookie and each reload asks to sign in; else absent */
  readonly stays_signed_in?: boolean;
};

export type Spend = {
  readonly day: string;
  readonly model: string;
  readonly runs: number;
  readonly answers: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: number;
};

export type SpendControllerSpending = {
  readonly from: string;
  readonly to: string;
  readonly items: readonly Spend[];
};

export type StatsViewHistory = {
  readonly zone: string;
  readonly generated: string;
  readonly behind_seconds: number;
  readonly days: readonly StatsViewPoint[];
  readonly trend?: StatsViewTrend;
};

export type StatsViewMetrics = {
  readonly counts: StatusCounts;
  readonly today: StatsViewTotals;
  readonly last_30_days: StatsViewTotals;
};

export type StatsViewOlder = {
  readonly ticketsProcessed: number;
  readonly ticketsTotal: number;
  readonly ticketsToday: number;
  readonly pending: number;
  readonly processing: number;
  readonly completed: number;
  readonly failed: number;
  readonly escalated: number;
  readonly accuracyRate: number | null;
  readonly completionRate: number | null;
  readonly approvalRate: number | null;
  readonly automationRate: number | null;
  readonly avgProcessingTime: number | null;
  readonly avgResponseTime: number | null;
  readonly lastUpdated: string;
};

export type StatsViewPoint = {
  readonly start: string;
  readonly received: number;
  readonly completed: number;
  readonly escalated: number;
  readonly failed: number;
  readonly reopened: number;
  readonly completion_rate?: number;
  readonly automation_rate?: number;
  readonly approval_rate?: number;
  readonly first_response_p50_seconds?: number;
  readonly first_response_p95_seconds?: number;
  readonly resolution_p50_seconds?: number;
  readonly resolution_p95_seconds?: number;
};

export type StatsViewSnapshot = {
  readonly metrics: StatsViewMetrics;
  readonly generated: string;
  readonly behind_seconds: number;
};

export type StatsViewSpread = {
  readonly count: number;
  readonly mean_seconds?: number;
  readonly p50_seconds?: number;
  readonly p90_seconds?: number;
  readonly p95_seconds?: number;
  readonly p99_seconds?: number;
};

export type StatsViewStats = {
  readonly from: string;
  readonly to: string;
  readonly bucket: "minute" | "hour" | "day";
  readonly zone: string;
  readonly generated: string;
  readonly behind_seconds: number;
  readonly now: StatusCounts;
  readonly totals: StatsViewTotals;
  readonly series: readonly StatsViewPoint[];
};

export type StatsViewTotals = {
  readonly received: number;
  readonly by_channel: Readonly<Record<string, number>>;
  readonly by_category: Readonly<Record<string, number>>;
  readonly by_priority: Readonly<Record<string, number>>;
  readonly by_industry: Readonly<Record<string, number>>;
  readonly completed: number;
  readonly escalated: number;
  readonly failed: number;
  readonly reopened: number;
  readonly entered: Readonly<Record<string, number>>;
  readonly left: Readonly<Record<string, number>>;
  readonly runs: Readonly<Record<string, number>>;
  readonly approvals: Readonly<Record<string, number>>;
  readonly completion_rate?: number;
  readonly automation_rate?: number;
  readonly approval_rate?: number;
  readonly accuracy: number | null;
  readonly reviewed: number;
  readonly corrections: number;
  readonly confirmations: number;
  readonly first_response: StatsViewSpread;
  readonly resolution: StatsViewSpread;
  readonly processing: StatsViewSpread;
};

export type StatsViewTrend = {
  readonly received?: number;
  readonly completed?: number;
};

export type StatusCounts = {
  readonly total: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly pending: number;
  readonly processing: number;
  readonly completed: number;
  readonly failed: number;
  readonly escalated: number;
};

export type Then = {
  readonly decision: "allow" | "approve" | "deny";
  readonly approvers?: ThenApprovers;
  readonly reason?: string;
  readonly expires_after?: string;
  readonly remind_after?: string;
  readonly escalate?: ThenEscalation;
};

export type ThenApprovers = {
  readonly count?: number;
  readonly roles: readonly ("viewer" | "agent" | "approver" | "sre" | "admin" | "ingest" | "operator")[];
};

export type ThenEscalation = {
  readonly after: string;
  readonly to_roles: readonly ("viewer" | "agent" | "approver" | "sre" | "admin" | "ingest" | "operator")[];
};

export type TicketBrief = {
  readonly subject: string;
  readonly excerpt: string;
  readonly channel: string;
  readonly priority?: string;
  readonly category?: string;
  readonly language?: string;
};

export type TicketFile = {
  readonly file_id: string;
  readonly message_id: string;
  readonly file_name: string;
  readonly media_type: string;
  readonly size: number;
  readonly sha256: string;
  readonly stored_at: string;
};

export type TicketViewDetail = {
  readonly ticket_id: string;
  readonly status: "received" | "analyzing" | "awaiting_approval" | "acting" | "resolved" | "escalated" | "failed" | "closed";
  readonly subject: string;
  readonly channel: string;
  readonly priority?: "low" | "normal" | "high" | "urgent";
  readonly category?: string;
  readonly confidence?: number;
  readonly language?: string;
  readonly sentiment?: "negative" | "neutral" | "positive";
  readonly customer: TicketViewSender;
  readonly external_id?: string;
  readonly run_id?: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly resolved_at?: string;
  readonly body: string;
  readonly metadata: unknown;
  readonly reply?: string;
  readonly assignee?: string;
  readonly tags: readonly string[];
  readonly merged_into?: string;
  readonly reopened_from?: string;
  readonly merged: readonly string[];
  readonly continued_in: readonly string[];
  readonly attachments: readonly TicketFile[];
  readonly messages: readonly TicketViewMessage[];
  readonly messages_cursor?: string;
  readonly timeline: readonly TicketViewEntry[];
  readonly timeline_cursor?: string;
};

export type TicketViewEntry = {
  readonly seq: number;
  readonly event: string;
  readonly at: string;
  readonly actor: string;
  readonly summary: string;
  readonly message_id?: string;
  readonly data: unknown;
};

export type TicketViewListed = {
  readonly ticket_id: string;
  readonly status: "received" | "analyzing" | "awaiting_approval" | "acting" | "resolved" | "escalated" | "failed" | "closed";
  readonly subject: string;
  readonly channel: string;
  readonly priority?: "low" | "normal" | "high" | "urgent";
  readonly category?: string;
  readonly confidence?: number;
  readonly language?: string;
  readonly sentiment?: "negative" | "neutral" | "positive";
  readonly customer: TicketViewSender;
  readonly external_id?: string;
  readonly run_id?: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly resolved_at?: string;
  readonly assignee?: string;
  readonly tags: readonly string[];
};

export type TicketViewMessage = {
  readonly message_id: string;
  readonly direction: "inbound" | "outbound" | "note";
  readonly text: string;
  readonly state: "pending" | "sent" | "delivered" | "read" | "failed";
  readonly created_at: string;
  readonly author?: string;
  readonly sender_verified?: boolean;
  readonly ticket_id?: string;
  readonly has_html: boolean;
  readonly attachments: readonly string[];
};

export type TicketViewSender = {
  readonly customer_id: string;
  readonly email: string;
  readonly verified: boolean;
};

export type TimeWindow = {
  readonly days?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly zone: string;
};

export type Token = {
  readonly access_token: string;
  /** seconds */
  readonly expires_in: number;
  readonly token_type: "Bearer";
  /** Which the person may choose from; empty for an operator */
  readonly clients: readonly string[];
};

export type ToolControllerToolView = {
  readonly name: string;
  readonly category: string;
  readonly description?: string;
  readonly source: string;
  readonly available: boolean;
  readonly reason?: string;
  readonly schema?: Readonly<Record<string, unknown>>;
};

export type Transcript = {
  readonly run_id: string;
  readonly model?: string;
  readonly messages: readonly TranscriptSaid[];
};

export type TranscriptCallMade = {
  readonly id: string;
  readonly tool: string;
  readonly arguments?: string;
};

export type TranscriptSaid = {
  readonly role: string;
  readonly text?: string;
  readonly tool?: string;
  readonly call_id?: string;
  readonly calls: readonly TranscriptCallMade[];
};

export type TrialAnswer = {
  readonly policy_version?: number;
  readonly decision: "allow" | "approve" | "deny";
  readonly rule: string;
  readonly in_words: string;
  readonly approvers?: TrialApprovers;
  readonly reason?: string;
  readonly looked: readonly Looked[];
  readonly notes: readonly string[];
};

export type TrialApprovers = {
  readonly count: number;
  readonly roles: readonly ("viewer" | "agent" | "approver" | "sre" | "admin" | "ingest" | "operator")[];
};

export type TrialQuestion = {
  readonly action?: DescribedAction;
  readonly policy?: Policy;
};

export type Usage = {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micros: number;
};

export type User = {
  readonly email: string;
  readonly name?: string;
  readonly roles: readonly ("viewer" | "agent" | "approver" | "sre" | "admin" | "ingest" | "operator")[];
  readonly clients: readonly string[];
};

export type Users = {
  readonly items: readonly User[];
  readonly next_cursor: string | null;
};

export type WebVital = {
  readonly name: "lcp" | "inp" | "cls" | "fcp" | "ttfb" | "load" | "interactive" | "route";
  /** Milliseconds; of cls the score */
  readonly value: number;
  readonly rating?: "good" | "needs-improvement" | "poor";
  readonly route: "/" | "/tickets" | "/tickets/new" | "/tickets/$id" | "/approvals" | "/operations" | "/ai" | "/metrics" | "/customers" | "/customers/$id" | "/settings" | "/settings/$section" | "/wallboard" | "/sign-in" | "other";
  readonly navigation_type?: "navigate" | "reload" | "back-forward" | "back-forward-cache" | "prerender" | "restore";
};

export type WebVitals = {
  readonly items: readonly WebVital[];
};

export type When = {
  readonly action_types?: readonly string[];
  readonly categories?: readonly string[];
  readonly amount?: AmountRange;
  readonly targets?: readonly string[];
  readonly environments?: readonly string[];
  readonly confidence_below?: number;
  readonly confidence_at_least?: number;
  readonly personas?: readonly string[];
  readonly requesters?: readonly string[];
  readonly time_window?: TimeWindow;
  readonly customer_verified?: boolean;
  readonly outside_guardrails?: boolean;
  readonly break_glass?: boolean;
};

export type Workflow = {
  readonly mode: "pipeline" | "react";
  readonly engine: string;
  readonly classification: "local" | "model";
  readonly tools?: readonly string[];
  readonly routing: readonly WorkflowRoute[];
  readonly thresholds: WorkflowThresholds;
  readonly limits: WorkflowLimits;
};

export type WorkflowControllerSettings = {
  readonly version: number;
  readonly mode: "pipeline" | "react";
  readonly engine: string;
  readonly classification: "local" | "model";
  readonly tools: readonly string[];
  readonly routing: readonly WorkflowRoute[];
  readonly thresholds: WorkflowThresholds;
  readonly limits: WorkflowLimits;
  readonly changed_by?: string;
  readonly changed_at?: string;
};

export type WorkflowLimits = {
  readonly max_steps?: number;
  readonly max_tokens?: number;
  readonly max_seconds?: number;
  readonly max_cost_usd?: number;
  readonly daily_budget_usd?: number;
};

export type WorkflowRoute = {
  readonly categories: readonly string[];
  readonly to: "agent" | "person";
};

export type WorkflowThresholds = {
  readonly least_confidence?: number;
  readonly least_confidence_to_answer?: number;
};

/** By method and path: what may be asked, what is sent, what is answered. */
export interface Operations {
  /** Public keys of the tokens */
  readonly "GET /.well-known/jwks.json": { readonly answer: Readonly<Record<string, unknown>> };
  /** stats: metrics */
  readonly "GET /api/dashboard/metrics": { readonly answer: StatsViewOlder };
  /** Health of all of it */
  readonly "GET /api/health": { readonly answer: Health };
  /** processed: process */
  readonly "POST /api/tickets/process": { readonly body: unknown; readonly answer: ProcessedEndpointReceipt };
  /** execution: list */
  readonly "GET /api/v1/actions": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly ticket_id?: string; readonly status?: "requested" | "prepared" | "awaiting_approval" | "approved" | "expired" | "executing" | "succeeded" | "failed" | "unknown" | "settling" | "cancelled" | "rejected"; readonly action_type?: string; readonly target?: string; readonly requester?: string; readonly provider?: string; readonly created_from?: string; readonly created_to?: string }; readonly answer: PageOfActionResource };
  /** request: request */
  readonly "POST /api/v1/actions": { readonly body: RequestControllerBody; readonly answer: RequestControllerReceipt };
  /** audit: list action audit */
  readonly "GET /api/v1/actions/audit": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly actor?: string; readonly action?: string; readonly subject?: string; readonly ticket_id?: string; readonly from?: string; readonly to?: string }; readonly answer: PageOfAuditResource };
  /** audit: export action audit */
  readonly "GET /api/v1/actions/audit/export": { readonly query: { readonly from?: string; readonly to?: string }; readonly answer: string };
  /** request: list */
  readonly "GET /api/v1/actions/catalogue": { readonly answer: PageOfRequestControllerEntry };
  /** request: rehearse */
  readonly "POST /api/v1/actions/dry_run": { readonly body: RequestControllerRehearsal; readonly answer: DryRunOutlook };
  /** execution: one */
  readonly "GET /api/v1/actions/{id}": { readonly answer: ActionResource };
  /** execution: cancel */
  readonly "POST /api/v1/actions/{id}/cancel": { readonly body: ActionControllerReason; readonly answer: ActionResource };
  /** execution: retry */
  readonly "POST /api/v1/actions/{id}/retry": { readonly answer: ActionResource };
  /** execution: settle */
  readonly "POST /api/v1/actions/{id}/settle": { readonly body: ActionControllerOutcome; readonly answer: ActionResource };
  /** labels: classifier */
  readonly "GET /api/v1/agent/classifier": { readonly answer: ClassifierControllerClassifierView };
  /** accuracy: accuracy */
  readonly "GET /api/v1/agent/classifier/accuracy": { readonly query: { readonly days?: number }; readonly answer: Accuracy };
  /** labels: correct */
  readonly "POST /api/v1/agent/classifier/corrections": { readonly body: ExamplesControllerCorrection; readonly answer: ExamplesControllerCorrected };
  /** labels: delete examples */
  readonly "DELETE /api/v1/agent/classifier/examples": { readonly query: { readonly source?: string }; readonly answer: ExamplesControllerRemoved };
  /** labels: list examples */
  readonly "GET /api/v1/agent/classifier/examples": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly label?: string; readonly source?: string }; readonly answer: PageOfExampleStoreExample };
  /** labels: add examples */
  readonly "POST /api/v1/agent/classifier/examples": { readonly body: unknown; readonly answer: ExamplesControllerTaken };
  /** labels: replace examples */
  readonly "PUT /api/v1/agent/classifier/examples": { readonly body: unknown; readonly answer: ExamplesControllerTaken };
  /** labels: train */
  readonly "POST /api/v1/agent/classifier/train": { readonly answer: ClassifierControllerStarted };
  /** labels: list versions */
  readonly "GET /api/v1/agent/classifier/versions": { readonly answer: PageOfClassifierControllerVersionView };
  /** labels: activate */
  readonly "POST /api/v1/agent/classifier/versions/{version}/activate": { readonly answer: ClassifierControllerVersionView };
  /** classify: classify */
  readonly "POST /api/v1/agent/classify": { readonly body: ClassifyControllerClassifyRequest; readonly answer: ClassifyControllerClassifyAnswer };
  /** knowledge: list */
  readonly "GET /api/v1/agent/knowledge/articles": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly language?: string; readonly text?: string }; readonly answer: PageOfKnowledgeControllerArticleSummary };
  /** knowledge: bulk */
  readonly "POST /api/v1/agent/knowledge/articles/bulk": { readonly body: unknown; readonly answer: KnowledgeControllerBulkReceipt };
  /** knowledge: delete */
  readonly "DELETE /api/v1/agent/knowledge/articles/{id}": { readonly answer: null };
  /** knowledge: one */
  readonly "GET /api/v1/agent/knowledge/articles/{id}": { readonly answer: KnowledgeControllerArticleResource };
  /** knowledge: put */
  readonly "PUT /api/v1/agent/knowledge/articles/{id}": { readonly body: ArticleBody; readonly answer: KnowledgeControllerArticleResource };
  /** knowledge: status */
  readonly "GET /api/v1/agent/knowledge/index": { readonly answer: IndexControllerIndexStatus };
  /** knowledge: search */
  readonly "GET /api/v1/agent/knowledge/search": { readonly query: { readonly q: string; readonly language?: string; readonly limit?: number }; readonly answer: KnowledgeControllerSearchResult };
  /** model: models */
  readonly "GET /api/v1/agent/models": { readonly answer: PageOfModelControllerModelView };
  /** order: put */
  readonly "PUT /api/v1/agent/orders": { readonly body: readonly Order[]; readonly answer: OrderControllerLoaded };
  /** order: remove */
  readonly "DELETE /api/v1/agent/orders/{id}": { readonly answer: null };
  /** order: one */
  readonly "GET /api/v1/agent/orders/{id}": { readonly answer: Order };
  /** run: of ticket */
  readonly "GET /api/v1/agent/runs": { readonly query: { readonly ticket_id: string }; readonly answer: PageOfRunControllerRunView };
  /** run: one */
  readonly "GET /api/v1/agent/runs/{id}": { readonly answer: RunControllerRunView };
  /** run: transcript */
  readonly "GET /api/v1/agent/runs/{id}/transcript": { readonly answer: Transcript };
  /** run: spend */
  readonly "GET /api/v1/agent/spend": { readonly query: { readonly from?: string; readonly to?: string }; readonly answer: SpendControllerSpending };
  /** vault: of ticket */
  readonly "GET /api/v1/agent/tickets/{ticketId}/redactions": { readonly answer: RedactionControllerRedactionView };
  /** vault: reveal */
  readonly "POST /api/v1/agent/tickets/{ticketId}/redactions/reveal": { readonly body: RedactionControllerRevealRequest; readonly answer: RedactionControllerRevealedView };
  /** owntool: list */
  readonly "GET /api/v1/agent/tools": { readonly answer: PageOfToolControllerToolView };
  /** workflow: get */
  readonly "GET /api/v1/agent/workflow": { readonly answer: WorkflowControllerSettings };
  /** workflow: put */
  readonly "PUT /api/v1/agent/workflow": { readonly body: Workflow; readonly answer: WorkflowControllerSettings };
  /** workflow: versions */
  readonly "GET /api/v1/agent/workflow/versions": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: PageOfWorkflowControllerSettings };
  /** persona: activities */
  readonly "GET /api/v1/ai/activities": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: PageOfAiActivity };
  /** persona: list */
  readonly "GET /api/v1/ai/employees": { readonly answer: PageOfEmployeeControllerEmployeeResource };
  /** persona: delete */
  readonly "DELETE /api/v1/ai/employees/{name}": { readonly answer: null };
  /** persona: one */
  readonly "GET /api/v1/ai/employees/{name}": { readonly answer: EmployeeControllerEmployeeResource };
  /** persona: put */
  readonly "PUT /api/v1/ai/employees/{name}": { readonly body: EmployeeBody; readonly answer: EmployeeControllerEmployeeResource };
  /** persona: activities of */
  readonly "GET /api/v1/ai/employees/{name}/activities": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: PageOfAiActivity };
  /** request: list */
  readonly "GET /api/v1/approvals": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly status?: "pending" | "approved" | "rejected" | "responded" | "expired" | "cancelled"; readonly action_type?: string; readonly rule?: string; readonly requester?: string; readonly decided_by?: string; readonly action_id?: string; readonly ticket_id?: string; readonly role?: "approver" | "sre" | "admin"; readonly mine?: boolean; readonly created_from?: string; readonly created_to?: string }; readonly answer: PageOfApprovalResource };
  /** audit: list approval audit */
  readonly "GET /api/v1/approvals/audit": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly actor?: string; readonly action?: string; readonly subject?: string; readonly ticket_id?: string; readonly from?: string; readonly to?: string }; readonly answer: PageOfAuditResource };
  /** audit: export approval audit */
  readonly "GET /api/v1/approvals/audit/export": { readonly query: { readonly from?: string; readonly to?: string }; readonly answer: string };
  /** request: stats */
  readonly "GET /api/v1/approvals/stats": { readonly query: { readonly from?: string; readonly to?: string }; readonly answer: ApprovalStatsStats };
  /** request: waiting */
  readonly "GET /api/v1/approvals/waiting": { readonly query: { readonly limit?: number }; readonly answer: ApprovalControllerWaiting };
  /** request: one */
  readonly "GET /api/v1/approvals/{id}": { readonly answer: ApprovalResource };
  /** request: decide */
  readonly "POST /api/v1/approvals/{id}": { readonly body: DecisionRequest; readonly answer: ApprovalResource };
  /** request: claim */
  readonly "POST /api/v1/approvals/{id}/claim": { readonly body: ClaimRequest; readonly answer: ApprovalResource };
  /** request: decide */
  readonly "POST /api/v1/approvals/{id}/decide": { readonly body: DecisionRequest; readonly answer: ApprovalResource };
  /** request: release */
  readonly "POST /api/v1/approvals/{id}/release": { readonly answer: ApprovalResource };
  /** request: versions */
  readonly "GET /api/v1/approvals/{id}/versions": { readonly answer: ApprovalControllerVersions };
  /** How people sign in */
  readonly "GET /api/v1/auth/config": { readonly answer: SignInConfig };
  /** Sign in with an OIDC issuer's code */
  readonly "POST /api/v1/auth/oidc/token": { readonly body: Redemption; readonly answer: Token };
  /** A new access token for the cookie */
  readonly "POST /api/v1/auth/refresh": { readonly body: Renewal; readonly answer: Token };
  /** Ends the sign-in */
  readonly "POST /api/v1/auth/sign-out": { readonly answer: null };
  /** Sign in */
  readonly "POST /api/v1/auth/token": { readonly body: Credentials; readonly answer: Token };
  /** canned: list */
  readonly "GET /api/v1/canned-replies": { readonly answer: PageOfCannedReplyControllerCannedReplyResource };
  /** canned: create */
  readonly "POST /api/v1/canned-replies": { readonly body: CannedReplyBody; readonly answer: CannedReplyControllerCannedReplyResource };
  /** canned: delete */
  readonly "DELETE /api/v1/canned-replies/{id}": { readonly answer: null };
  /** canned: one */
  readonly "GET /api/v1/canned-replies/{id}": { readonly answer: CannedReplyControllerCannedReplyResource };
  /** canned: put */
  readonly "PUT /api/v1/canned-replies/{id}": { readonly body: CannedReplyBody; readonly answer: CannedReplyControllerCannedReplyResource };
  /** channel: list */
  readonly "GET /api/v1/channels": { readonly answer: PageOfChannelControllerChannelResource };
  /** channel: create */
  readonly "POST /api/v1/channels": { readonly body: ChannelBody; readonly answer: ChannelControllerChannelResource };
  /** channel: delete */
  readonly "DELETE /api/v1/channels/{id}": { readonly answer: null };
  /** channel: one */
  readonly "GET /api/v1/channels/{id}": { readonly answer: ChannelControllerChannelResource };
  /** channel: put */
  readonly "PUT /api/v1/channels/{id}": { readonly body: ChannelBody; readonly answer: ChannelControllerChannelResource };
  /** channel: rotate secret */
  readonly "POST /api/v1/channels/{id}/secrets/{secret}/rotate": { readonly body: ChannelControllerNewSecret; readonly answer: ChannelControllerChannelResource };
  /** channel: list */
  readonly "GET /api/v1/clients": { readonly answer: PageOfClientControllerClientResource };
  /** channel: provision */
  readonly "POST /api/v1/clients": { readonly body: ClientBody; readonly answer: ClientControllerClientResource };
  /** channel: one */
  readonly "GET /api/v1/clients/{id}": { readonly answer: ClientControllerClientResource };
  /** zendesk: list */
  readonly "GET /api/v1/connectors/zendesk/runs": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: PageOfRunEndpointRunResource };
  /** zendesk: begin */
  readonly "POST /api/v1/connectors/zendesk/runs": { readonly body: RunBody; readonly answer: RunEndpointRunResource };
  /** zendesk: one */
  readonly "GET /api/v1/connectors/zendesk/runs/{id}": { readonly answer: RunEndpointRunResource };
  /** customer: list */
  readonly "GET /api/v1/customers": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly q?: string; readonly blocked?: boolean }; readonly answer: PageOfCustomerViewSummary };
  /** customer: one */
  readonly "GET /api/v1/customers/{id}": { readonly answer: CustomerViewDetail };
  /** customer: change */
  readonly "PATCH /api/v1/customers/{id}": { readonly body: CustomerBodiesChange; readonly answer: CustomerViewDetail };
  /** customer: block */
  readonly "POST /api/v1/customers/{id}/block": { readonly body: CustomerBodiesBecause; readonly answer: CustomerViewDetail };
  /** privacy: erase */
  readonly "POST /api/v1/customers/{id}/erase": { readonly body: PrivacyEndpointErase; readonly answer: ErasureErased };
  /** privacy: erasure */
  readonly "GET /api/v1/customers/{id}/erasure": { readonly answer: ErasureErased };
  /** privacy: export */
  readonly "POST /api/v1/customers/{id}/export": { readonly answer: ExportStoreExport };
  /** privacy: one */
  readonly "GET /api/v1/customers/{id}/exports/{exportId}": { readonly answer: ExportStoreExport };
  /** privacy: content */
  readonly "GET /api/v1/customers/{id}/exports/{exportId}/content": { readonly answer: string };
  /** customer: add identity */
  readonly "POST /api/v1/customers/{id}/identities": { readonly body: CustomerBodiesNewIdentity; readonly answer: CustomerViewDetail };
  /** customer: merge */
  readonly "POST /api/v1/customers/{id}/merge": { readonly body: CustomerBodiesMerge; readonly answer: CustomerViewDetail };
  /** customer: notes */
  readonly "GET /api/v1/customers/{id}/notes": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: PageOfCustomerViewNote };
  /** customer: add note */
  readonly "POST /api/v1/customers/{id}/notes": { readonly body: CustomerBodiesNewNote; readonly answer: CustomerViewNote };
  /** customer: unblock */
  readonly "POST /api/v1/customers/{id}/unblock": { readonly body: CustomerBodiesBecause; readonly answer: CustomerViewDetail };
  /** stats: snapshot */
  readonly "GET /api/v1/dashboard": { readonly answer: StatsViewSnapshot };
  /** stats: history */
  readonly "GET /api/v1/dashboard/history": { readonly query: { readonly days?: number; readonly zone?: string }; readonly answer: StatsViewHistory };
  /** stats: progress of rebuild */
  readonly "GET /api/v1/dashboard/rebuild": { readonly answer: RebuildStoreProgress };
  /** stats: rebuild */
  readonly "POST /api/v1/dashboard/rebuild": { readonly answer: RebuildStoreProgress };
  /** stats: stats */
  readonly "GET /api/v1/dashboard/stats": { readonly query: { readonly from?: string; readonly to?: string; readonly bucket?: "minute" | "hour" | "day"; readonly zone?: string }; readonly answer: StatsViewStats };
  /** deadletter: list */
  readonly "GET /api/v1/dead-letters": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly state?: string; readonly topic?: string; readonly consumer?: string; readonly event_type?: string; readonly reason?: string; readonly from?: string; readonly to?: string }; readonly answer: PageOfLetterResourceSummary };
  /** deadletter: replay all */
  readonly "POST /api/v1/dead-letters/replay": { readonly body: DeadLetterEndpointBulkBody; readonly answer: DeadLetterEndpointReplaying };
  /** deadletter: one */
  readonly "GET /api/v1/dead-letters/{id}": { readonly answer: LetterResourceDetail };
  /** deadletter: discard */
  readonly "POST /api/v1/dead-letters/{id}/discard": { readonly body: DeadLetterEndpointDiscardBody; readonly answer: LetterResourceSummary };
  /** deadletter: replay */
  readonly "POST /api/v1/dead-letters/{id}/replay": { readonly body: DeadLetterEndpointReplayBody; readonly answer: LetterResourceSummary };
  /** deployment: list */
  readonly "GET /api/v1/deployments": { readonly query: { readonly target_type?: "gke" | "kubernetes" | "cloud_run" | "standalone"; readonly limit?: string; readonly cursor?: string }; readonly answer: PageOfDeploymentResource };
  /** guardrail: current */
  readonly "GET /api/v1/guardrails": { readonly answer: Rulebook };
  /** guardrail: put */
  readonly "PUT /api/v1/guardrails": { readonly body: GuardrailControllerRulesBody; readonly answer: Rulebook };
  /** guardrail: breakers */
  readonly "GET /api/v1/guardrails/breakers": { readonly answer: PageOfGuardrailStoreBreakerState };
  /** guardrail: reset */
  readonly "POST /api/v1/guardrails/breakers/reset": { readonly body: GuardrailControllerTargetBody; readonly answer: null };
  /** guardrail: versions */
  readonly "GET /api/v1/guardrails/versions": { readonly answer: PageOfRulebook };
  /** guardrail: version */
  readonly "GET /api/v1/guardrails/versions/{version}": { readonly answer: Rulebook };
  /** guardrail: switches */
  readonly "GET /api/v1/kill_switch": { readonly answer: KillSwitch };
  /** guardrail: turn */
  readonly "POST /api/v1/kill_switch": { readonly body: GuardrailControllerSwitchBody; readonly answer: KillSwitch };
  /** mailbox: newest */
  readonly "GET /api/v1/local-mailbox": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: LocalMailboxEndpointMailboxResource };
  /** mailout: suppressed */
  readonly "GET /api/v1/mail-suppressions": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: PageOfMailEndpointSuppressionResource };
  /** mailout: unsuppress */
  readonly "DELETE /api/v1/mail-suppressions/{email}": { readonly answer: null };
  /** email: list */
  readonly "GET /api/v1/mails/filed": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly reason?: string; readonly state?: string }; readonly answer: PageOfFiledMailControllerFiledMailResource };
  /** email: one */
  readonly "GET /api/v1/mails/filed/{id}": { readonly answer: FiledMailControllerFiledMailResource };
  /** email: accept */
  readonly "POST /api/v1/mails/filed/{id}/accept": { readonly body: FiledMailControllerAcceptance; readonly answer: FiledMailControllerAcceptedResource };
  /** email: original */
  readonly "GET /api/v1/mails/filed/{id}/original": { readonly answer: string };
  /** mailbox: list */
  readonly "GET /api/v1/mails/mailboxes": { readonly answer: PageOfMailboxControllerMailboxResource };
  /** mail: emails */
  readonly "GET /api/v1/notifications/emails": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: PageOfMailControllerMailResource };
  /** mail: settings */
  readonly "GET /api/v1/notifications/settings": { readonly answer: MailControllerSettingsResource };
  /** mail: put settings */
  readonly "PUT /api/v1/notifications/settings": { readonly body: SettingsBody; readonly answer: MailControllerSettingsResource };
  /** policy: get */
  readonly "GET /api/v1/policies": { readonly answer: PolicyVersion };
  /** policy: put */
  readonly "PUT /api/v1/policies": { readonly body: PolicyControllerPolicyChange; readonly answer: PolicyVersion };
  /** policy: evaluate */
  readonly "POST /api/v1/policies/evaluate": { readonly body: TrialQuestion; readonly answer: TrialAnswer };
  /** policy: versions */
  readonly "GET /api/v1/policies/versions": { readonly query: { readonly limit?: string; readonly cursor?: string }; readonly answer: PageOfPolicyStoreVersionLine };
  /** policy: version */
  readonly "GET /api/v1/policies/versions/{version}": { readonly answer: PolicyVersion };
  /** Open connections of this gateway */
  readonly "GET /api/v1/realtime/connections": { readonly answer: Connections };
  /** deployment: restart */
  readonly "POST /api/v1/restart_deployment": { readonly body: DeploymentControllerTarget; readonly answer: DeploymentControllerReceipt };
  /** deployment: rollback */
  readonly "POST /api/v1/rollback_deployment": { readonly body: DeploymentControllerTarget; readonly answer: DeploymentControllerReceipt };
  /** deployment: rollout */
  readonly "POST /api/v1/rollout_restart": { readonly body: DeploymentControllerTarget; readonly answer: DeploymentControllerReceipt };
  /** sandbox: one */
  readonly "GET /api/v1/sandbox/payments": { readonly query: { readonly order_id?: string; readonly limit?: number; readonly cursor?: string; readonly sort?: string }; readonly answer: SandboxControllerPayment };
  /** deployment: scale */
  readonly "POST /api/v1/scale_deployment": { readonly body: DeploymentControllerScaledTarget; readonly answer: DeploymentControllerReceipt };
  /** Live events (WebSocket or server-sent events) */
  readonly "GET /api/v1/stream": { readonly answer: null };
  /** ticket: list */
  readonly "GET /api/v1/tickets": { readonly query: { readonly status?: readonly ("received" | "analyzing" | "awaiting_approval" | "acting" | "resolved" | "escalated" | "failed" | "closed" | "pending" | "processing" | "completed")[]; readonly channel?: string; readonly priority?: "low" | "normal" | "high" | "urgent"; readonly category?: string; readonly tag?: string; readonly assignee?: string; readonly external_id?: string; readonly customer_id?: string; readonly customer_email?: string; readonly created_from?: string; readonly created_to?: string; readonly q?: string; readonly sort?: "-created_at" | "created_at" | "-updated_at" | "updated_at" | "-priority" | "priority" | "status" | "-status" | "channel" | "-channel" | "category" | "-category"; readonly limit?: number; readonly cursor?: string }; readonly answer: PageOfTicketViewListed };
  /** intake: post */
  readonly "POST /api/v1/tickets": { readonly body: PostedTicket; readonly answer: IntakeEndpointReceipt };
  /** audit: list intake audit */
  readonly "GET /api/v1/tickets/audit": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly actor?: string; readonly action?: string; readonly subject?: string; readonly ticket_id?: string; readonly from?: string; readonly to?: string }; readonly answer: PageOfAuditResource };
  /** audit: export intake audit */
  readonly "GET /api/v1/tickets/audit/export": { readonly query: { readonly from?: string; readonly to?: string }; readonly answer: string };
  /** intake: bulk */
  readonly "POST /api/v1/tickets/bulk": { readonly query: { readonly first_line?: number }; readonly answer: string };
  /** export: export */
  readonly "GET /api/v1/tickets/export": { readonly query: { readonly status?: readonly ("received" | "analyzing" | "awaiting_approval" | "acting" | "resolved" | "escalated" | "failed" | "closed" | "pending" | "processing" | "completed")[]; readonly channel?: string; readonly priority?: "low" | "normal" | "high" | "urgent"; readonly category?: string; readonly tag?: string; readonly assignee?: string; readonly external_id?: string; readonly customer_id?: string; readonly customer_email?: string; readonly created_from?: string; readonly created_to?: string; readonly q?: string; readonly sort?: "-created_at" | "created_at" | "-updated_at" | "updated_at" | "-priority" | "priority" | "status" | "-status" | "channel" | "-channel" | "category" | "-category"; readonly format?: string }; readonly answer: string };
  /** ticket: one */
  readonly "GET /api/v1/tickets/{id}": { readonly answer: TicketViewDetail };
  /** ticket: assignee */
  readonly "PUT /api/v1/tickets/{id}/assignee": { readonly body: DeskBodiesAssigneeBody; readonly answer: DeskChanged };
  /** attachment: list */
  readonly "GET /api/v1/tickets/{id}/attachments": { readonly answer: AttachmentEndpointFiles };
  /** attachment: upload */
  readonly "POST /api/v1/tickets/{id}/attachments": { readonly answer: AttachmentEndpointFiles };
  /** attachment: download */
  readonly "GET /api/v1/tickets/{id}/attachments/{fileId}": { readonly answer: string };
  /** ticket: category */
  readonly "PUT /api/v1/tickets/{id}/category": { readonly body: DeskBodiesCategoryBody; readonly answer: DeskChanged };
  /** mailout: of ticket */
  readonly "GET /api/v1/tickets/{id}/emails": { readonly answer: MailEndpointMailList };
  /** mailout: retry */
  readonly "POST /api/v1/tickets/{id}/emails/{message_id}/retry": { readonly answer: MailEndpointMailList };
  /** ticket: language */
  readonly "PUT /api/v1/tickets/{id}/language": { readonly body: DeskBodiesLanguageBody; readonly answer: DeskChanged };
  /** ticket: merge */
  readonly "POST /api/v1/tickets/{id}/merge": { readonly body: DeskBodiesMergeBody; readonly answer: DeskChanged };
  /** ticket: messages */
  readonly "GET /api/v1/tickets/{id}/messages": { readonly query: { readonly limit?: number; readonly cursor?: string }; readonly answer: PageOfTicketViewMessage };
  /** ticket: message */
  readonly "POST /api/v1/tickets/{id}/messages": { readonly body: DeskBodiesMessageBody; readonly answer: DeskEndpointReceipt };
  /** body: html */
  readonly "GET /api/v1/tickets/{id}/messages/{message_id}/html": { readonly query: { readonly remote_images?: boolean }; readonly answer: string };
  /** body: original */
  readonly "GET /api/v1/tickets/{id}/messages/{message_id}/original": { readonly answer: string };
  /** ticket: priority */
  readonly "PUT /api/v1/tickets/{id}/priority": { readonly body: DeskBodiesPriorityBody; readonly answer: DeskChanged };
  /** ticket: reply */
  readonly "POST /api/v1/tickets/{id}/replies": { readonly body: DeskBodiesReplyBody; readonly answer: DeskEndpointReplyReceipt };
  /** ticket: retry */
  readonly "POST /api/v1/tickets/{id}/retry": { readonly answer: DeskChanged };
  /** ticket: sentiment */
  readonly "PUT /api/v1/tickets/{id}/sentiment": { readonly body: DeskBodiesSentimentBody; readonly answer: DeskChanged };
  /** ticket: status */
  readonly "POST /api/v1/tickets/{id}/status": { readonly body: DeskBodiesStatusBody; readonly answer: DeskChanged };
  /** ticket: tags */
  readonly "PUT /api/v1/tickets/{id}/tags": { readonly body: DeskBodiesTagsBody; readonly answer: DeskChanged };
  /** ticket: timeline */
  readonly "GET /api/v1/tickets/{id}/timeline": { readonly query: { readonly limit?: number; readonly cursor?: string }; readonly answer: PageOfTicketViewEntry };
  /** Who may sign in */
  readonly "GET /api/v1/users": { readonly answer: Users };
  /** How fast a page was */
  readonly "POST /api/v1/web-vitals": { readonly body: WebVitals; readonly answer: null };
  /** webhook: list */
  readonly "GET /api/v1/webhooks": { readonly answer: PageOfEndpointControllerEndpointResource };
  /** webhook: create */
  readonly "POST /api/v1/webhooks": { readonly body: EndpointBody; readonly answer: EndpointControllerEndpointResource };
  /** webhook: delete */
  readonly "DELETE /api/v1/webhooks/{id}": { readonly answer: null };
  /** webhook: one */
  readonly "GET /api/v1/webhooks/{id}": { readonly answer: EndpointControllerEndpointResource };
  /** webhook: put */
  readonly "PUT /api/v1/webhooks/{id}": { readonly body: EndpointBody; readonly answer: EndpointControllerEndpointResource };
  /** webhook: list */
  readonly "GET /api/v1/webhooks/{id}/deliveries": { readonly query: { readonly limit?: number; readonly cursor?: string; readonly sort?: string; readonly status?: string; readonly event_type?: string; readonly from?: string; readonly to?: string }; readonly answer: PageOfDeliveryControllerDeliveryResource };
  /** webhook: one */
  readonly "GET /api/v1/webhooks/{id}/deliveries/{delivery}": { readonly answer: DeliveryControllerDeliveryResource };
  /** webhook: replay */
  readonly "POST /api/v1/webhooks/{id}/deliveries/{delivery}/replay": { readonly answer: DeliveryControllerDeliveryResource };
  /** webhook: replay failed */
  readonly "POST /api/v1/webhooks/{id}/replay": { readonly body: DeliveryControllerReplayBody; readonly answer: DeliveriesReplayed };
  /** webhook: rotate secret */
  readonly "POST /api/v1/webhooks/{id}/rotate-secret": { readonly answer: EndpointControllerEndpointResource };
  /** webhook: test */
  readonly "POST /api/v1/webhooks/{id}/test": { readonly answer: DeliveryControllerDeliveryResource };
  /** door: generic */
  readonly "POST /webhooks/email/inbound": { readonly answer: unknown };
  /** door: generic */
  readonly "POST /webhooks/email/inbound/{channelId}": { readonly answer: unknown };
  /** door: mailgun */
  readonly "POST /webhooks/email/mailgun": { readonly answer: unknown };
  /** door: mailgun */
  readonly "POST /webhooks/email/mailgun/{channelId}": { readonly answer: unknown };
  /** door: postmark */
  readonly "POST /webhooks/email/postmark": { readonly answer: unknown };
  /** door: postmark */
  readonly "POST /webhooks/email/postmark/{channelId}": { readonly answer: unknown };
  /** door: send grid */
  readonly "POST /webhooks/email/sendgrid": { readonly answer: unknown };
  /** door: send grid */
  readonly "POST /webhooks/email/sendgrid/{channelId}": { readonly answer: unknown };
  /** event: take */
  readonly "POST /webhooks/email/{provider}/events/{channel_id}": { readonly answer: EventWebhooksReceived };
  /** zendesk: take */
  readonly "POST /webhooks/zendesk/{channelId}": { readonly answer: unknown };
}
