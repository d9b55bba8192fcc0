/** Bounds of one reconnect delay, in milliseconds. */
export const SHORTEST_DELAY_MS = 3_000;
export const LONGEST_DELAY_MS = 48_000;

/**
 * The delay before reconnect number `attempt` (0 is the first after a loss), in milliseconds: uniformly random between
 * the shortest delay and a ceiling that doubles from 6 s to 48 s. The whole range is drawn from, so that the clients of
 * a restarted gateway come back spread out and not in waves. There is no attempt limit.
 *
 * @param random a number in [0, 1)
 */
export function backoff(attempt: number, random: () => number): number {
  const exponent = Math.min(Math.max(attempt, 0) + 1, 10);
  const ceiling = Math.min(LONGEST_DELAY_MS, SHORTEST_DELAY_MS * 2 ** exponent);
  return Math.round(SHORTEST_DELAY_MS + random() * (ceiling - SHORTEST_DELAY_MS));
}
