import axe from "axe-core";
import { expect } from "vitest";

/** Fails with what axe calls serious or critical in this part of the page, and where. Colours need a browser. */
export async function expectNoViolations(element: Element): Promise<void> {
  const { violations } = await axe.run(element, { resultTypes: ["violations"], rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`)).toEqual([]);
}
