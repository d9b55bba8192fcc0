import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { ProblemError } from "../lib/problem";
import { Page, PageHeader } from "../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../ui/States";

/** While the page's code is being fetched. */
export function PageLoading(): React.ReactNode {
  return (
    <Page>
      <div role="status" aria-label="Loading" className="flex flex-col gap-4">
        <Skeleton className="h-6 w-48" />
        <Skeleton className="h-64 w-full" />
      </div>
    </Page>
  );
}

/** One page has failed; the frame around it goes on. */
export function PageFailed({ error: thrown, reset }: ErrorComponentProps): React.ReactNode {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const router = useRouter();
  // A new version of the page has other files; only a reload finds them.
  const isOutdated = /dynamically imported module|Importing a module/i.test(error.message);
  return (
    <Page>
      <PageHeader title={isOutdated ? "There is a newer version" : "This page has failed"} />
      <ErrorState
        error={
          error instanceof ProblemError
            ? error
            : new Error(
                isOutdated
                  ? "OpsRelay has been renewed since this page was opened. Load it again."
                  : `Something in this page went wrong: ${error.message}`,
              )
        }
        onRetry={() => {
          if (isOutdated) {
            window.location.reload();
          } else {
            reset();
            void router.invalidate();
          }
        }}
      />
    </Page>
  );
}

export function NotFound(): React.ReactNode {
  return (
    <Page>
      <PageHeader title="There is no such page" />
      <EmptyState title="Nothing is at this address" icon={Compass}>
        <Link to="/" className="text-accent underline underline-offset-2">
          Go to the home page
        </Link>
      </EmptyState>
    </Page>
  );
}
