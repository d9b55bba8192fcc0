import type { Answer, Api } from "../../lib/api";
import { isObject, itemsOf, text, type JsonObject } from "../../lib/json";
import { objects, ticketOf, ticketPath, type Ticket } from "./ticket";

/** The most that one page of the API holds. */
const PAGE = 200;

/** The ticket with all that was said and happened, however long that is: where it stands is told by what came last. */
export async function readTicket(api: Api, id: string, signal?: AbortSignal): Promise<Ticket | null> {
  const path = ticketPath(id);
  const { body } = await api.get(path, signal);
  if (!isObject(body)) {
    return null;
  }
  const [messages, timeline] = await Promise.all([
    restOf(api, `${path}/messages`, text(body["messages_cursor"]), signal),
    restOf(api, `${path}/timeline`, text(body["timeline_cursor"]), signal),
  ]);
  return ticketOf({
    ...body,
    messages: [...objects(body["messages"]), ...messages],
    timeline: [...objects(body["timeline"]), ...timeline],
  });
}

/** What comes after a page of the API, if anything does. */
async function restOf(api: Api, path: string, after: string | null, signal?: AbortSignal): Promise<JsonObject[]> {
  const rest: JsonObject[] = [];
  let cursor = after;
  while (cursor !== null) {
    const { body }: Answer = await api.get(`${path}?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`, signal);
    rest.push(...itemsOf(body));
    cursor = isObject(body) ? text(body["next_cursor"]) : null;
  }
  return rest;
}
