import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ToastProvider, useToast, type ToastMessage } from "./Toast";

const MESSAGES: Readonly<Record<string, ToastMessage>> = {
  failure: { title: "Refund failed", tone: "bad" },
  one: { key: "approvals", title: "1 waits" },
  two: { key: "approvals", title: "2 wait" },
  ...Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`note ${number}`, { title: `Note ${number}` }])),
};

function Sayers() {
  const toast = useToast();
  return Object.entries(MESSAGES).map(([name, message]) => (
    <button key={name} type="button" onClick={() => toast(message)}>
      {name}
    </button>
  ));
}

const opened = () => render(<ToastProvider><Sayers /></ToastProvider>);
const say = (name: string) => userEvent.click(screen.getByRole("button", { name }));
const told = () => within(screen.getByRole("list", { name: "Messages" })).queryAllByRole("listitem").map(({ textContent }) => textContent);

it("messages are few: the oldest goes, but a failure stays until it is dismissed", async () => {
  opened();
  await say("failure");
  for (const number of [1, 2, 3, 4, 5]) {
    await say(`note ${number}`);
  }
  expect(told()).toEqual(["Refund failed", "Note 3", "Note 4", "Note 5"]);
  await userEvent.click(screen.getAllByRole("button", { name: "Dismiss" })[0] as HTMLElement);
  expect(told()).toEqual(["Note 3", "Note 4", "Note 5"]);
});

it("a message takes the place of one with the same key", async () => {
  opened();
  await say("one");
  await say("two");
  expect(told()).toEqual(["2 wait"]);
});
