import { getRouteApi } from "@tanstack/react-router";
import { ShieldX } from "lucide-react";
import { useHasRole } from "../../lib/session";
import { Page, PageHeader } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import { NewTicket } from "./NewTicket";

const route = getRouteApi("/shell/tickets/new");

function NewTicketPage() {
  const { customer_email } = route.useSearch();
  const mayCreate = useHasRole("agent");
  return (
    <Page className="w-full max-w-5xl">
      <PageHeader title="New ticket" description="It is worked like any other: the agent begins as soon as it is stored." />
      {mayCreate ? (
        <NewTicket customerEmail={customer_email} />
      ) : (
        <EmptyState title="Tickets are made by agents" icon={ShieldX}>
          Your roles let you read. Ask an administrator for the role agent.
        </EmptyState>
      )}
    </Page>
  );
}

export { NewTicketPage as Page };
