import { useBlocker } from "@tanstack/react-router";
import { ConfirmDialog } from "../ui/Dialog";

/** Asks before one leaves the page with changes that are not saved. */
export function LeaveGuard({
  when,
  lost = "What you changed here is lost.",
  withSearch = false,
}: {
  when: boolean;
  /** What is lost, as a sentence. */
  lost?: string;
  /** Whether another search in the address leaves it, too: where tabs stand in there. */
  withSearch?: boolean;
}) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      when &&
      (current.pathname !== next.pathname || (withSearch && JSON.stringify(current.search) !== JSON.stringify(next.search))),
    enableBeforeUnload: () => when,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      description={lost}
      confirm="Leave"
      danger
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
