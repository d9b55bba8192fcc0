// Made by `npm run api-types`; not to be changed by hand.

export type ActionCancelled = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly action_type: string;
  readonly by: string;
  readonly reason: string;
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

export type ActionFailed = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly action_type: string;
  readonly code: string;
  readonly reason: string;
};

export type ActionOutcomeUnknown = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly action_type: string;
  readonly reason: string;
};

export type ActionPrepared = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly version: number;
  readonly action_type: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly arguments_hash: string;
  readonly effect: Effect;
  readonly requester: string;
  readonly editor?: string;
  readonly facts?: ActionFacts;
  readonly edit_refused?: string;
  readonly editable?: Readonly<Record<string, unknown>>;
};

export type ActionProposed = {
  readonly action_id: string;
  readonly ticket_id: string;
  readonly run_id: string;
  readonly action_type: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly requester: string;
  readonly customer: Customer;
  readonly confidence?: number;
  readonly ticket?: TicketBrief;
};

export type ActionRequested = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly action_type: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly requester: string;
  readonly break_glass?: string;
};

export type ActionStarted = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly action_type: string;
  readonly attempt: number;
};

export type ActionSucceeded = {
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly action_type: string;
  readonly provider: string;
  readonly result: Readonly<Record<string, unknown>>;
};

export type ActionsOffered = {
  readonly types: readonly string[];
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

/** An item of agent-service's list of activities, as it is in the list. */
export type AiActivityData = {
  /** Who did it, as in the activity. */
  readonly ai_employee: string;
  readonly activity: AiActivity;
  /** When, as in the activity. */
  readonly timestamp: string;
  readonly version: 1;
};

export type ApprovalEdited = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly version: number;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly reason: string;
};

export type ApprovalExpired = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
};

export type ApprovalGranted = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly version: number;
  readonly action_type: string;
  readonly arguments_hash: string;
  readonly approver: string;
  readonly reason?: string;
  readonly grant: string;
};

export type ApprovalRejected = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly by: string;
  readonly reason: string;
};

export type ApprovalRequested = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly version: number;
  readonly action_type: string;
  readonly rule: string;
  readonly expires_at: string;
};

export type ApprovalResponded = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly by: string;
  readonly response: string;
};

export type ApprovalWithdrawn = {
  readonly approval_id: string;
  readonly action_id: string;
  readonly ticket_id?: string;
  readonly reason: string;
};

export type BreakerOpened = {
  readonly target: string;
  readonly failures: number;
  readonly open_until: string;
  readonly rule: string;
};

export type Citation = {
  readonly article_id: string;
  readonly title: string;
  readonly passage: string;
};

export type Customer = {
  readonly customer_id: string;
  readonly email: string;
  readonly verified: boolean;
};

export type CustomerErased = {
  readonly ticket_id: string;
  readonly customer_id: string;
};

export type CustomerReplied = {
  readonly ticket_id: string;
  readonly run_id?: string;
  readonly seq: number;
  readonly said: Said;
  readonly verified: boolean;
};

export type DeadLetterHeaders = {
  /** Why, for a person. */
  readonly dead_reason: string;
  /** The consumer group that could not use it. */
  readonly dead_consumer: string;
  /** topic-partition@offset it was read from. */
  readonly dead_origin: string;
  /** When it was set aside, UTC. */
  readonly dead_time: string;
  /** The client it belongs to, as the consumer knows it. */
  readonly dead_client?: string;
};

export type Effect = {
  readonly summary: string;
  readonly money?: Money;
  readonly details: Readonly<Record<string, unknown>>;
};

export type EventHeaders = {
  readonly ce_specversion: "1.0";
  /** Unique per event: consumers apply each id once. */
  readonly ce_id: string;
  /** The service that wrote it. */
  readonly ce_source: string;
  /** Says how to read the payload. */
  readonly ce_type: string;
  /** When it happened, UTC. */
  readonly ce_time: string;
  /** The entity that it is about. */
  readonly ce_subject: string;
  /** The client (tenant) that owns it. */
  readonly ce_clientid: string;
  /** The event that caused it, if one did. */
  readonly ce_causationid?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
  readonly "content-type": "application/json";
};

export type ExportAnswered = {
  readonly export_id: string;
  readonly ticket_id: string;
  readonly service: string;
  readonly part: number;
  readonly parts: number;
  readonly content: string;
};

export type ExportRequested = {
  readonly export_id: string;
  readonly ticket_id: string;
  readonly customer_id: string;
  readonly public_key: string;
};

/** What the frame carries; free of personal data that is not redacted. On the channel metrics it is MetricsUpdated besides. */
export type FeedData = {
  /** The entity's version after the change. */
  readonly version: number;
};

export type KillSwitchTurned = {
  readonly on: boolean;
  readonly of_all: boolean;
  readonly by: string;
  readonly reason: string;
  readonly at: string;
};

export type MessageTaken = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly seq: number;
};

export type MetricsUpdated = {
  readonly metric: string;
  readonly value: number;
  readonly timestamp: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly counts: TicketCounts;
  readonly today: TicketsToday;
};

export type Money = {
  readonly amount: string;
  readonly currency: string;
};

export type ReplyDrafted = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly kind: string;
  readonly text: string;
  readonly citations: readonly Citation[];
};

export type RunCompleted = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly outcome: "resolved" | "escalated" | "failed";
  readonly reply?: string;
  readonly reason?: string;
};

export type RunParked = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly action_id: string;
};

export type RunRequested = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly cause: string;
  readonly by: string;
  readonly ticket: TicketReceived;
  readonly text_open: boolean;
  readonly conversation: readonly Said[];
  readonly left_out: number;
};

export type RunStarted = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly engine: string;
  readonly employee?: string;
};

export type Said = {
  readonly from: string;
  readonly text: string;
  readonly open: boolean;
  readonly at: string;
};

export type StatusSet = {
  readonly ticket_id: string;
  readonly status: string;
  readonly by: string;
  readonly reason?: string;
};

export type TicketBrief = {
  readonly subject: string;
  readonly excerpt: string;
  readonly channel: string;
  readonly priority?: string;
  readonly category?: string;
  readonly language?: string;
};

export type TicketClassified = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly category: string;
  readonly confidence: number;
  readonly out_of_scope: boolean;
  readonly language: string;
  readonly sentiment: string;
  readonly priority: string;
  readonly method: string;
  readonly model_version: string;
  readonly processing_millis: number;
  readonly redactions?: Readonly<Record<string, number>>;
  readonly industry?: string;
  readonly region?: string;
  readonly root_cause?: string;
  readonly employee?: string;
};

export type TicketCorrected = {
  readonly ticket_id: string;
  readonly field: string;
  readonly classified?: string;
  readonly model_version?: string;
  readonly corrected: string;
  readonly by: string;
};

export type TicketCounts = {
  readonly total: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly pending: number;
  readonly processing: number;
  readonly completed: number;
  readonly failed: number;
  readonly escalated: number;
};

export type TicketImported = {
  readonly ticket_id: string;
  readonly channel: string;
  readonly external_id?: string;
  readonly category?: string;
  readonly confidence?: number;
  readonly accuracy?: number;
  readonly industry?: string;
  readonly region?: string;
  readonly method?: string;
  readonly processing_millis?: number;
  readonly pii_protected?: boolean;
  readonly redactions?: Readonly<Record<string, number>>;
  readonly reply_drafted: boolean;
};

export type TicketReceived = {
  readonly ticket_id: string;
  readonly channel: string;
  readonly subject: string;
  readonly body: string;
  readonly customer: Customer;
  readonly priority?: string;
  readonly external_id?: string;
  readonly metadata: Readonly<Record<string, string>>;
};

export type TicketsToday = {
  readonly received: number;
  readonly completed: number;
  readonly escalated: number;
  readonly failed: number;
  readonly completion_rate?: number;
  readonly automation_rate?: number;
  readonly approval_rate?: number;
  readonly first_response: TimesTaken;
  readonly resolution: TimesTaken;
};

export type TimesTaken = {
  readonly count: number;
  readonly mean_seconds?: number;
  readonly p50_seconds?: number;
  readonly p95_seconds?: number;
};

export type ToolCall = {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly outcome: string;
  readonly detail?: string;
  readonly millis?: number;
};

export type ToolsCalled = {
  readonly ticket_id: string;
  readonly run_id: string;
  readonly answer: number;
  readonly calls: readonly ToolCall[];
};

/** The payload of each event, by the type that it has on the stream. */
export interface EventData {
  readonly ticket_received: TicketReceived;
  readonly ticket_imported: TicketImported;
  readonly ticket_classified: TicketClassified;
  readonly ticket_reply_drafted: ReplyDrafted;
  readonly ticket_run_requested: RunRequested;
  readonly ticket_customer_replied: CustomerReplied;
  readonly ticket_status_set: StatusSet;
  readonly ticket_corrected: TicketCorrected;
  readonly ticket_customer_erased: CustomerErased;
  readonly run_started: RunStarted;
  readonly run_tools_called: ToolsCalled;
  readonly run_message_taken: MessageTaken;
  readonly run_parked: RunParked;
  readonly run_completed: RunCompleted;
  readonly action_proposed: ActionProposed;
  readonly action_requested: ActionRequested;
  readonly action_prepared: ActionPrepared;
  readonly action_started: ActionStarted;
  readonly action_succeeded: ActionSucceeded;
  readonly action_failed: ActionFailed;
  readonly action_outcome_unknown: ActionOutcomeUnknown;
  readonly action_cancelled: ActionCancelled;
  readonly approval_requested: ApprovalRequested;
  readonly approval_granted: ApprovalGranted;
  readonly approval_rejected: ApprovalRejected;
  readonly approval_responded: ApprovalResponded;
  readonly approval_edited: ApprovalEdited;
  readonly approval_expired: ApprovalExpired;
  readonly approval_withdrawn: ApprovalWithdrawn;
  readonly client_actions_offered: ActionsOffered;
  readonly client_kill_switch_turned: KillSwitchTurned;
  readonly client_breaker_opened: BreakerOpened;
  readonly export_requested: ExportRequested;
  readonly export_answered: ExportAnswered;
  readonly feed_record: FeedData;
}
