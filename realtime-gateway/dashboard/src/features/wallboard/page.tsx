import { getRouteApi, Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Maximize, Minimize, Pause, Play, X } from "lucide-react";
import { phase } from "realtime-client";
import { useConnection, useRealtimeClient } from "realtime-client/react";
import { useCallback, useEffect } from "react";
import { useClock } from "../../lib/clock";
import { cx } from "../../lib/cx";
import { usePerson } from "../../lib/session";
import { StatusPill } from "../../parts/connection/StatusPill";
import { KillSwitchBanner } from "../../parts/killSwitch";
import { IconButton } from "../../ui/Button";
import { Approvals } from "./Approvals";
import { Employees } from "./Employees";
import { Numbers } from "./Numbers";
import { BOARDS, type Board } from "./search";
import { Services } from "./Services";
import { useCycle } from "./useCycle";
import { useAwake, useFullScreen } from "./useScreen";

const route = getRouteApi("/wallboard");
const NAMES: Readonly<Record<Board, string>> = {
  numbers: "Tickets",
  approvals: "Approvals",
  employees: "AI employees",
  services: "Services",
};
const SHOWN: Readonly<Record<Board, () => React.ReactNode>> = {
  numbers: Numbers,
  approvals: Approvals,
  employees: Employees,
  services: Services,
};
const EVERY_S = 20;
const SHORTEST_S = 5;
const LONGEST_S = 600;

/** For a screen on the wall: large, nothing to decide, one board after the other. */
function Wallboard() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const realtime = useRealtimeClient();
  const current = phase(useConnection(realtime));
  const { clientId } = usePerson();
  const board = search.page ?? BOARDS[0];
  const seconds = secondsOf(search.every);
  const isAwake = useAwake();
  const { isFull, toggle: toggleFull } = useFullScreen();

  const show = useCallback(
    (page: Board) => void navigate({ search: (before) => ({ ...before, page }), replace: true }),
    [navigate],
  );
  const move = useCallback(
    (by: number) => show(BOARDS[(BOARDS.indexOf(board) + by + BOARDS.length) % BOARDS.length] ?? BOARDS[0]),
    [board, show],
  );
  const next = useCallback(() => move(1), [move]);
  const { isPaused, toggle: togglePause } = useCycle(board, seconds * 1_000, next);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) {
        return;
      }
      const onControl = event.target instanceof Element && event.target.closest("button, a") !== null;
      const number = Number(event.key);
      if (event.key === "ArrowRight") {
        move(1);
      } else if (event.key === "ArrowLeft") {
        move(-1);
      } else if ((event.key === " " && !onControl) || event.key === "p") {
        togglePause();
      } else if (event.key === "f" && toggleFull !== null) {
        toggleFull();
      } else if (number >= 1 && number <= BOARDS.length) {
        show(BOARDS[number - 1] ?? BOARDS[0]);
      } else {
        return;
      }
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [move, show, togglePause, toggleFull]);

  const Shown = SHOWN[board];
  return (
    <main className="flex min-h-dvh flex-col bg-canvas lg:h-dvh">
      <title>{`${NAMES[board]} · Wallboard · OpsRelay`}</title>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-4 lg:px-8 lg:pt-6">
        <h1 data-page-heading tabIndex={-1} className="text-[clamp(1.25rem,2.4vw,2.5rem)] leading-tight font-semibold">
          {NAMES[board]}
        </h1>
        {clientId !== null && <span className="text-[clamp(0.875rem,1.3vw,1.375rem)] text-muted">{clientId}</span>}
        <div className="flex-1" />
        <span className="lg:[zoom:1.5]">
          <StatusPill current={current} realtime={realtime} />
        </span>
        <Clock />
      </header>
      <div className="px-4 pt-3 empty:hidden lg:px-8">
        <KillSwitchBanner />
      </div>
      <section key={board} aria-label={NAMES[board]} className="flex min-h-0 flex-1 animate-appear flex-col p-4 lg:px-8 lg:py-5">
        <Shown />
      </section>
      <footer className="flex flex-wrap items-center gap-2 px-4 pb-3 lg:px-8">
        <nav aria-label="Boards" className="flex gap-1">
          {BOARDS.map((each, index) => (
            <button
              key={each}
              type="button"
              aria-current={each === board ? "page" : undefined}
              title={`${NAMES[each]}: ${index + 1}`}
              onClick={() => show(each)}
              className={cx(
                "h-8 rounded-md px-2 text-xs font-medium pointer-coarse:h-10 sm:px-2.5 sm:text-sm",
                each === board ? "bg-surface text-ink shadow-raised" : "text-muted hover:text-ink",
              )}
            >
              {NAMES[each]}
            </button>
          ))}
        </nav>
        <div className="flex-1" />
        <span className="hidden text-xs text-muted sm:inline">
          {isPaused ? "Paused" : `Next every ${seconds} s`}
          {isAwake && " · screen stays on"}
        </span>
        <IconButton label="Board before" icon={ChevronLeft} aria-keyshortcuts="ArrowLeft" onClick={() => move(-1)} />
        <IconButton
          label={isPaused ? "Go on" : "Pause"}
          icon={isPaused ? Play : Pause}
          aria-keyshortcuts="Space p"
          onClick={togglePause}
        />
        <IconButton label="Next board" icon={ChevronRight} aria-keyshortcuts="ArrowRight" onClick={next} />
        {toggleFull !== null && (
          <IconButton
            label={isFull ? "Leave full screen" : "Full screen"}
            icon={isFull ? Minimize : Maximize}
            aria-keyshortcuts="f"
            onClick={toggleFull}
          />
        )}
        <Link
          to="/"
          aria-label="Leave the wallboard"
          title="Leave the wallboard"
          className="inline-flex size-8 items-center justify-center rounded-md text-muted hover:bg-raised hover:text-ink pointer-coarse:size-10"
        >
          <X aria-hidden="true" className="size-4" />
        </Link>
      </footer>
      {!isPaused && (
        // Begins anew with each board; shows how long it stays.
        <div aria-hidden="true" className="h-0.5 bg-line motion-reduce:hidden">
          <div key={board} className="h-full origin-left bg-accent animate-fill" style={{ animationDuration: `${seconds}s` }} />
        </div>
      )}
    </main>
  );
}

function Clock() {
  const now = useClock();
  return (
    <time
      dateTime={new Date(now).toISOString()}
      className="text-[clamp(1rem,1.8vw,2rem)] leading-tight font-medium tabular-nums"
    >
      {new Date(now).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}
    </time>
  );
}

function secondsOf(every: string | undefined): number {
  const asked = Number(every ?? EVERY_S);
  return Number.isFinite(asked) ? Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.round(asked))) : EVERY_S;
}

export { Wallboard as Page };
