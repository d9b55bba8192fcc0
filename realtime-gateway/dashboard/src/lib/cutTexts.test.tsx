import { fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tellCutTexts } from "./cutTexts";

let end: () => void;
beforeEach(() => {
  end = tellCutTexts();
});
afterEach(() => end());

/** jsdom has no layout: so wide is what stands in a place of 1000 pixels. */
function pointAt(words: string, width: number): HTMLElement {
  const element = screen.getByText(words);
  Object.defineProperty(element, "scrollWidth", { configurable: true, value: width });
  fireEvent.pointerOver(element);
  return element;
}

describe("a text that its place cuts off", () => {
  it("is told whole where one points at it, and no more when it fits again", () => {
    render(<p className="min-w-0 truncate">Mary Major of Anytown</p>);
    expect(pointAt("Mary Major of Anytown", 1_400).title).toBe("Mary Major of Anytown");
    expect(pointAt("Mary Major of Anytown", 900).hasAttribute("title")).toBe(false);
  });

  it("is told as it is now", () => {
    const { rerender } = render(<p className="truncate">3 wait</p>);
    pointAt("3 wait", 1_400);
    rerender(<p className="truncate">4 wait</p>);
    expect(pointAt("4 wait", 1_400).title).toBe("4 wait");
  });

  it("keeps the title that the page gives it or what it stands in", () => {
    render(
      <>
        <p className="truncate" title="a whole id">
          short
        </p>
        <button title="Copies it">
          <span className="truncate">another</span>
        </button>
      </>,
    );
    expect(pointAt("short", 1_400).title).toBe("a whole id");
    expect(pointAt("another", 1_400).hasAttribute("title")).toBe(false);
  });

  it("is left alone where it fits, and where nothing cuts it", () => {
    render(
      <>
        <p className="truncate">fits</p>
        <p>wraps</p>
      </>,
    );
    expect(pointAt("fits", 900).hasAttribute("title")).toBe(false);
    expect(pointAt("wraps", 1_400).hasAttribute("title")).toBe(false);
  });
});
