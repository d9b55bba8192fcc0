import { expect, it } from "vitest";
import { ownHealthOf } from "./services";

it("puts first what does not work", () => {
  const up = { status: "up", instances: 1, ready: 1 };
  const { services } = ownHealthOf({ services: [{ name: "a", ...up }, { name: "b", status: "down" }, { name: "c", ...up }] });
  expect(services.map(({ name, status }) => `${name} ${status}`)).toEqual(["b down", "a up", "c up"]);
});

it("reads services that are named, not listed, too", () => {
  expect(ownHealthOf({ status: "healthy", feed: "up", services: { a: "up" } })).toMatchObject({
    feed: "up",
    services: [{ name: "a", status: "up", instances: null }],
  });
  expect(ownHealthOf(null)).toMatchObject({ status: "unknown", services: [] });
});
