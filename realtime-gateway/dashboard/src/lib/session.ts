import { createContext, use } from "react";
import type { ApprovalResource } from "../api/rest";

export type Role = ApprovalResource["may_decide"][number];

/** Who is signed in, for a page to decide what to offer. The services decide what is allowed. */
export interface Person {
  readonly user: string;
  /** Null while it is not known yet, and for an operator. */
  readonly clientId: string | null;
  /** The clients that this person may switch between. */
  readonly clients: readonly string[];
  readonly roles: readonly string[];
}

export const PersonContext = createContext<Person | null>(null);

export function usePerson(): Person {
  const person = use(PersonContext);
  if (person === null) {
    throw new Error("usePerson needs a PersonContext around it");
  }
  return person;
}

/** Whether this person has one of the roles; an administrator has every role but `operator` and `ingest`. */
export function useHasRole(...wanted: Role[]): boolean {
  const { roles } = usePerson();
  return wanted.some(
    (role) => roles.includes(role) || (roles.includes("admin") && role !== "operator" && role !== "ingest"),
  );
}
