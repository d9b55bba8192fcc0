import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { expectNoViolations } from "../testing/axe";
import { Disclosure } from "./Disclosure";

const show = (props: { initiallyOpen?: boolean; look?: "card" | "row" } = {}) =>
  render(
    <Disclosure row={<span>Refund</span>} note={<p>It failed.</p>} {...props}>
      <p>25.00 EUR</p>
    </Disclosure>,
  );
const button = () => screen.getByRole("button", { name: "Refund" });

describe("a row that opens", () => {
  it.each(["card", "row"] as const)("is worked by keys as a %s, says whether it is open and what it opens", async (look) => {
    const { container } = show({ look });
    expect(button().getAttribute("aria-expanded")).toBe("false");
    expect(screen.queryByText("25.00 EUR")).toBeNull();
    await userEvent.tab();
    expect(document.activeElement).toBe(button());
    await userEvent.keyboard("{Enter}");
    expect(button().getAttribute("aria-expanded")).toBe("true");
    const body = document.getElementById(button().getAttribute("aria-controls") ?? "");
    expect(body?.textContent).toBe("25.00 EUR");
    expect(body?.hidden).toBe(false);
    await expectNoViolations(container);
    await userEvent.keyboard(" ");
    expect(button().getAttribute("aria-expanded")).toBe("false");
    expect(body?.hidden).toBe(true);
    expect(body?.textContent).toBe("");
    expect(document.activeElement).toBe(button());
    await expectNoViolations(container);
  });

  it("may be open from the beginning, and its note is seen either way", async () => {
    show({ initiallyOpen: true });
    expect(screen.getByText("25.00 EUR")).toBeDefined();
    await userEvent.click(button());
    expect(screen.queryByText("25.00 EUR")).toBeNull();
    expect(screen.getByText("It failed.")).toBeDefined();
  });
});
