import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { useCommandKeys } from "../../lib/commands";
import { renderPage } from "../../testing/frame";
import { Dialog } from "../../ui/Dialog";
import { Related } from "./Related";

function Both({ isOpen }: { isOpen: boolean }) {
  useCommandKeys();
  return (
    <>
      <Related ticket="t-1" approval="ap-1" isDecided action="a-1" runsOf="t-1" />
      <Dialog open={isOpen} onClose={() => undefined} title="Another">
        <p>Nothing is related to it.</p>
      </Dialog>
    </>
  );
}

function OnlyInside() {
  useCommandKeys();
  return (
    <Dialog open onClose={() => undefined} title="An action">
      <Related ticket="t-1" />
    </Dialog>
  );
}

it("leads to what belongs together, by links and by keys", async () => {
  const page = renderPage(<Both isOpen={false} />);
  const links = within(await screen.findByRole("group", { name: "Related" })).getAllByRole("link");
  expect(links.map((link) => [link.textContent, link.getAttribute("href")])).toEqual([
    ["Ticket", "/tickets/t-1"],
    ["Approval", "/approvals?tab=history&id=ap-1"],
    ["Action", "/operations?id=a-1"],
    ["Agent's runs", "/ai?tab=runs&ticket=t-1"],
  ]);
  await userEvent.keyboard("vo");
  await vi.waitFor(() => expect(page.location()).toBe("/operations?id=a-1"));
});

it("leads nowhere by keys from a dialog in front of it", async () => {
  const page = renderPage(<Both isOpen />);
  await screen.findByRole("dialog");
  await userEvent.keyboard("vt");
  expect(page.location()).toBe("/");
});

it("leads away by keys from the dialog that it stands in", async () => {
  const page = renderPage(<OnlyInside />);
  await screen.findByRole("dialog");
  await userEvent.keyboard("vt");
  await vi.waitFor(() => expect(page.location()).toBe("/tickets/t-1"));
});
