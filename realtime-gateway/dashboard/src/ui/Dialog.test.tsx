import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { Button } from "./Button";
import { ConfirmDialog, Dialog, Sheet } from "./Dialog";
import { DropdownMenu, MenuItem } from "./Menu";

function Surroundings({ children }: { children: (open: boolean, setOpen: (open: boolean) => void) => React.ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <main>
      <h1 data-page-heading="" tabIndex={-1}>
        Things
      </h1>
      {children(open, setOpen)}
      <Button>Another</Button>
    </main>
  );
}
const focused = (name: string | RegExp, role = "button") => waitFor(() => expect(document.activeElement).toBe(screen.getByRole(role, { name })));

describe("the focus, when a dialog closes", () => {
  it.each([
    ["dialog", Dialog],
    ["sheet", Sheet],
  ])("goes back to the button that opened the %s", async (_, Kind) => {
    render(
      <Surroundings>
        {(open, setOpen) => (
          <>
            <Button onClick={() => setOpen(true)}>More filters</Button>
            <Kind open={open} onClose={() => setOpen(false)} title="More filters">
              <input aria-label="Category" />
            </Kind>
          </>
        )}
      </Surroundings>,
    );
    await userEvent.click(screen.getByRole("button", { name: "More filters" }));
    await focused("Category", "textbox");
    await userEvent.keyboard("{Escape}");
    await focused("More filters");
  });

  it("goes back to the button of the menu whose item opened it", async () => {
    render(
      <Surroundings>
        {(open, setOpen) => (
          <>
            <DropdownMenu trigger={<Button>Doings</Button>}>
              <MenuItem onSelect={() => undefined}>Look</MenuItem>
              <MenuItem onSelect={() => setOpen(true)}>Delete</MenuItem>
            </DropdownMenu>
            <ConfirmDialog open={open} onClose={() => setOpen(false)} title="Delete it" confirm="Delete" onConfirm={() => undefined} />
          </>
        )}
      </Surroundings>,
    );
    await userEvent.click(screen.getByRole("button", { name: "Doings" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));
    await userEvent.click(await screen.findByRole("button", { name: "Cancel" }));
    await focused("Doings");
  });

  it("goes to the page's heading where what opened it is gone", async () => {
    render(
      <Surroundings>
        {(open, setOpen) => (
          <>
            {!open && <Button onClick={() => setOpen(true)}>Save view</Button>}
            <Dialog open={open} onClose={() => setOpen(false)} title="Name it" />
          </>
        )}
      </Surroundings>,
    );
    // The button comes back as another element, which nobody has pressed.
    await userEvent.click(screen.getByRole("button", { name: "Save view" }));
    await screen.findByRole("dialog");
    await userEvent.keyboard("{Escape}");
    await focused("Things", "heading");
  });

  it("stays with what has taken it meanwhile", async () => {
    render(
      <Surroundings>
        {(open, setOpen) => (
          <>
            <Button onClick={() => setOpen(true)}>Open</Button>
            <Dialog open={open} onClose={() => setOpen(false)} title="Choose">
              <Button
                onClick={() => {
                  setOpen(false);
                  setTimeout(() => screen.getByRole("button", { name: "Another" }).focus());
                }}
              >
                Take another
              </Button>
            </Dialog>
          </>
        )}
      </Surroundings>,
    );
    await userEvent.click(screen.getByRole("button", { name: "Open" }));
    await userEvent.click(await screen.findByRole("button", { name: "Take another" }));
    await focused("Another");
    await new Promise((resolve) => setTimeout(resolve));
    await focused("Another");
  });
});
