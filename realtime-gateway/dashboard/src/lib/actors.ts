import { words } from "./format";

/** Who did something, as an approval or action names it (`user:…`, `ai:…`, `policy:…`), in words for a person. */
export function actorName(actor: string): string {
  const colon = actor.indexOf(":");
  const name = actor.slice(colon + 1);
  if (colon < 1 || name === "") {
    return actor;
  }
  switch (actor.slice(0, colon)) {
    case "user":
      return name;
    case "ai":
      return `${words(name)} (AI employee)`;
    case "policy":
      return `the rule “${name}”`;
    default:
      return actor;
  }
}

/** How the services name this person among those who ask and decide. */
export function actorOf({ user }: { readonly user: string }): string {
  return `user:${user}`;
}
