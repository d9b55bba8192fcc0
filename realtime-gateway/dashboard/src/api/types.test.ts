import { execFileSync } from "node:child_process";
import { it } from "vitest";

it("the types of the API and the events are those of the contracts", () => {
  // Fails with the command that renews them.
  execFileSync(process.execPath, ["scripts/api-types.mjs", "--check"], { stdio: "inherit" });
});
