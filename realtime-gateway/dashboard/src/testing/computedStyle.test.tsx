import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

it("what tests take for seen is what the browser's sheet and inline styles say", () => {
  render(
    <main>
      <p>plain</p>
      <p hidden>away</p>
      <p style={{ display: "none", marginTop: 4 }}>gone</p>
      <section style={{ visibility: "hidden", pointerEvents: "none", display: "grid" }}>
        <b>in the dark</b>
        <b style={{ visibility: "visible" }}>lit</b>
      </section>
      <input type="hidden" data-testid="kept" />
    </main>,
  );
  const styleOf = (text: string) => getComputedStyle(screen.getByText(text));
  expect(styleOf("plain").display).toBe("block");
  expect(styleOf("plain").visibility).toBe("visible");
  expect(styleOf("away").display).toBe("none");
  expect(styleOf("gone").display).toBe("none");
  expect(styleOf("gone").getPropertyValue("margin-top")).toBe("4px");
  expect(styleOf("in the dark")).toMatchObject({ visibility: "hidden", pointerEvents: "none", display: "inline" });
  expect(styleOf("lit")).toMatchObject({ visibility: "visible", pointerEvents: "none" });
  expect(getComputedStyle(screen.getByTestId("kept")).display).toBe("none");
  expect(document.defaultView?.getComputedStyle(screen.getByText("gone")).display).toBe("none");
});

it("a style sheet in the page counts, as long as it is there", () => {
  render(<p>covered</p>);
  const display = () => getComputedStyle(screen.getByText("covered")).display;
  expect(display()).toBe("block");
  const sheet = document.createElement("style");
  sheet.textContent = "p { display: none }";
  document.head.append(sheet);
  expect(display()).toBe("none");
  sheet.remove();
  expect(display()).toBe("block");
});
