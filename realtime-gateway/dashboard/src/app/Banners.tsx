import { useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { useSyncExternalStore } from "react";
import { phase } from "realtime-client";
import { useConnection } from "realtime-client/react";
import { sentence } from "../lib/format";
import { useHasRole } from "../lib/session";
import { standstillInWords, useStandstill } from "../lib/standstill";
import { KillSwitchBanner } from "../parts/killSwitch";
import { Button } from "../ui/Button";
import { Banner } from "../ui/Notice";
import { useConsole } from "./context";

/** What is wrong with OpsRelay itself, as long as it is. The pages go on with what they have. */
export function Banners() {
  const { down, realtime } = useConsole();
  const queries = useQueryClient();
  const names = useSyncExternalStore(down.subscribe, down.names);
  const connection = useConnection(realtime);
  const standstill = useStandstill();
  const current = phase(connection);
  const maySeeSwitch = useHasRole("viewer", "agent", "approver", "sre", "operator");
  // That page says so itself.
  const isWhereItIsTurned = useLocation({ select: ({ pathname }) => pathname === "/operations" });
  const retry = () => {
    realtime.retryNow();
    void queries.invalidateQueries();
  };
  return (
    <div className="shrink-0">
      {current === "offline" && (
        <Banner tone="bad" action={<Button size="small" onClick={retry}>Connect now</Button>}>
          OpsRelay cannot be reached. What was received last is shown.
          {connection.problem !== null && ` ${connection.problem}`}
        </Banner>
      )}
      {current !== "offline" && (connection.link === "refused" || connection.link === "waiting") && (
        <Banner tone="warn" action={<Button size="small" onClick={retry}>Connect now</Button>}>
          No stream. Each view is read again and again instead.
          {connection.problem !== null && ` ${connection.problem}`}
        </Banner>
      )}
      {current === "live" && standstill !== null && (
        <Banner tone="warn">
          {sentence(standstillInWords(standstill))} Events do not reach the dashboards; each view is read again and again
          instead.
        </Banner>
      )}
      {current !== "offline" && names.length > 0 && (
        <Banner tone="warn" action={<Button size="small" onClick={retry}>Try again</Button>}>
          {names.length === 1 ? `${names[0]} is` : `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are`} down. What
          depends on it shows its last data; everything else works.
        </Banner>
      )}
      {!isWhereItIsTurned && maySeeSwitch && (
        <KillSwitchBanner
          action={
            <Link to="/operations" className="rounded font-medium underline underline-offset-2">
              Operations
            </Link>
          }
        />
      )}
    </div>
  );
}
