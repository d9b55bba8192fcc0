import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi } from "../../lib/api";
import { ProblemError } from "../../lib/problem";
import { readTicket } from "./readTicket";
import { ticketPath, type Ticket } from "./ticket";

/** What a person does to the ticket. */
export interface Change {
  readonly method: "PUT" | "POST";
  /** Below the ticket's address. */
  readonly path: string;
  readonly body: object;
}

/** Somebody changed the ticket after this page had read it: the change was not made. */
export class Overtaken extends Error {
  override readonly name = "Overtaken";
  readonly now: Ticket | null;

  constructor(now: Ticket | null) {
    super("Somebody was faster. Your change was not made: look at what the ticket says now, and decide again.");
    this.now = now;
  }
}

/**
 * Changes the ticket as this page shows it: with the version that was read, so that nobody overwrites what they have not
 * seen. Fails with `Overtaken` if another version is there; the page then shows that one.
 */
export function useDesk(ticket: Ticket) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ method, path, body }: Change) => {
      const address = `${ticketPath(ticket.id)}${path}`;
      const wanted = { ifMatch: `"${ticket.version}"` };
      try {
        await (method === "PUT" ? api.put(address, body, wanted) : api.post(address, body, wanted));
      } catch (failure) {
        if (failure instanceof ProblemError && failure.status === 412) {
          const now = await readTicket(api, ticket.id);
          if (now !== null) {
            queries.setQueryData(["ticket", ticket.id], now);
          }
          throw new Overtaken(now);
        }
        throw failure;
      }
    },
    // Until it is read again the page shows what is no longer so: the control stays busy that long.
    onSettled: () => queries.invalidateQueries({ queryKey: ["ticket", ticket.id] }),
  });
}
