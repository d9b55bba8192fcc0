import { isObject, text } from "./json";

/** An answer that is not a success, or no answer at all: what to tell a person about it. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** What is wrong with each field, by the field's name. */
  readonly fields: ReadonlyMap<string, string>;
  /** The service that is down, where the gateway names it. */
  readonly service: string | null;

  constructor(
    message: string,
    status: number,
    fields: ReadonlyMap<string, string> = new Map(),
    service: string | null = null,
  ) {
    super(message);
    this.status = status;
    this.fields = fields;
    this.service = service;
  }
}

/** No answer: the server is down, or the network is. */
export function unreachable(): ProblemError {
  return new ProblemError("OpsRelay cannot be reached. Check the connection and try again.", 0);
}

/** Reads an RFC 9457 problem; a body of any other kind is described by its status. */
export function problemOf(status: number, body: unknown): ProblemError {
  const problem = isObject(body) ? body : {};
  const message = text(problem["detail"]) ?? text(problem["title"]) ?? `The server answered with status ${status}.`;
  return new ProblemError(message, status, fieldsOf(problem), text(problem["service"]));
}

function fieldsOf(problem: Readonly<Record<string, unknown>>): Map<string, string> {
  const errors = Array.isArray(problem["errors"]) ? (problem["errors"] as unknown[]) : [problem];
  const fields = new Map<string, string>();
  for (const error of errors) {
    const field = isObject(error) ? text(error["field"]) : null;
    const reason = isObject(error) ? (text(error["reason"]) ?? text(error["message"]) ?? text(error["detail"])) : null;
    if (field !== null && reason !== null) {
      fields.set(field, reason);
    }
  }
  return fields;
}

/** What to show for whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "Something went wrong.";
}
