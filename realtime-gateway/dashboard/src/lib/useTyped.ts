import { useEffect, useRef, useState } from "react";

/** Long enough that a word is not searched letter by letter, short enough not to be noticed. */
const PAUSE_MS = 250;

/**
 * What somebody types, told on once they pause: `committed` is the value in force (in the address, as a rule), and a change
 * of it from elsewhere takes the place of what was typed.
 */
export function useTyped(committed: string, commit: (value: string) => void): [string, (value: string) => void] {
  const [typed, setTyped] = useState(committed);
  const told = useRef(committed);
  const latest = useRef(commit);
  useEffect(() => {
    latest.current = commit;
  });
  useEffect(() => {
    if (committed !== told.current) {
      told.current = committed;
      setTyped(committed);
    }
  }, [committed]);
  useEffect(() => {
    if (typed === told.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      told.current = typed;
      latest.current(typed);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}
