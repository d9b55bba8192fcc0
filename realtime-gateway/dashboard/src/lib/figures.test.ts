import { describe, expect, it } from "vitest";
import { csv } from "./csv";
import { percent, span } from "./figures";

describe("figures", () => {
  it.each([
    [0, "0 %"],
    [0.0001, "0.1 %"],
    [0.7134, "71.3 %"],
    [0.9999, "99.9 %"],
    [1, "100 %"],
  ])("tells the share %d as %s: what is not all is never told as all", (share, told) => {
    expect(percent(share)).toBe(told);
  });

  it.each([
    [0, "0 s"],
    [0.104, "104 ms"],
    [3.24, "3.2 s"],
    [71, "71 s"],
    [300, "5 min"],
    [1_210, "20 min"],
    [9_100, "2.5 h"],
    [200_000, "2.3 d"],
  ])("tells %d seconds as %s", (seconds, told) => {
    expect(span(seconds)).toBe(told);
  });
});

describe("CSV", () => {
  it("quotes what needs it, leaves what is not known empty and writes numbers as numbers", () => {
    expect(csv([["a", 'say "b", c'], [1.5, null]])).toBe('a,"say ""b"", c"\r\n1.5,\r\n');
  });

  it("makes no formula of a name that begins like one", () => {
    expect(csv([["=HYPERLINK(1)", "+1", "-x", "@y", -3]])).toBe("'=HYPERLINK(1),'+1,'-x,'@y,-3\r\n");
  });
});
