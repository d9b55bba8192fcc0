import { createContext, use, type Context } from "react";
import type { Console } from "./console";
import type { SessionStore } from "./session/session";

/** Of the frame only. Pages take `useApi`, `usePerson`, `useView`, `useFeed`. */
export const ConsoleContext = createContext<Console | null>(null);
export const SessionsContext = createContext<SessionStore | null>(null);

export const useConsole = () => needed(ConsoleContext);
export const useSessions = () => needed(SessionsContext);

function needed<T>(context: Context<T | null>): T {
  const value = use(context);
  if (value === null) {
    throw new Error("The frame's parts need the App around them");
  }
  return value;
}
