/**
 * Makes many calls into few runs: a call starts the task at once, calls during a run lead to one more run after it, no
 * sooner than `pauseMs` later, which may be asked anew after each run. The last call is always followed by a whole run.
 */
export function coalesce(task: () => Promise<unknown>, pauseMs: number | (() => number)): () => void {
  let running = false;
  let again = false;
  const run = () => {
    running = true;
    again = false;
    const next = () =>
      setTimeout(() => {
        running = false;
        if (again) {
          run();
        }
      }, typeof pauseMs === "number" ? pauseMs : pauseMs());
    task().then(next, next);
  };
  return () => {
    if (running) {
      again = true;
    } else {
      run();
    }
  };
}
