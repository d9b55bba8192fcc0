// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import { showMail } from "./mail";

function shown(html: string, remote = false, imageOf = (_: string) => Promise.reject<Blob>(new Error("no image"))) {
  const frame = document.implementation.createHTMLDocument();
  return { ...showMail(html, frame, { imageOf, remote, onGrown: () => undefined }), frame };
}

describe("a mail in its frame", () => {
  it("keeps texts, tables and styles", () => {
    const { frame } = shown('<html><body><h2 style="color: red">Hello</h2><table border="1"><tbody><tr><td>Lamp</td></tr></tbody></table></body></html>');
    expect(frame.querySelector("h2")?.style.color).toBe("red");
    expect(frame.querySelector("table")?.getAttribute("border")).toBe("1");
    expect(frame.body.textContent).toBe("HelloLamp");
  });

  it.each([
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)><a href='javascript:alert(1)'>x</a></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action='https://evil.example'><input name=password><button>Go</button></form>",
    "<a href='javascript:alert(1)' onclick='alert(1)'>x</a>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href='https://evil.example'><link rel=stylesheet href='https://evil.example'>",
    "<div style='background: url(https://evil.example/pixel)'>x</div>",
    "<style>@import 'https://evil.example'</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<object data='https://evil.example'></object><embed src='https://evil.example'><video src='https://evil.example'></video>",
  ])("lets nothing run, load or lead away: %s", (html) => {
    const { frame } = shown(html);
    const names = [...frame.body.querySelectorAll("*")].map((element) => element.localName);
    expect(names.filter((name) => !["a", "div", "span", "table"].includes(name))).toEqual([]);
    for (const element of frame.body.querySelectorAll("*")) {
      expect(element.getAttributeNames().filter((name) => !["style", "title", "role", "aria-label"].includes(name))).toEqual([]);
      expect(element.getAttribute("style") ?? "").not.toContain("evil");
    }
  });

  it("counts the images of other servers, and loads them only if somebody wants it, by https", () => {
    const html =
      '<img data-remote-src="https://t.example/p.gif" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="logo">' +
      '<img src="http://t.example/q.gif"><img src="javascript:alert(1)"><img src="/api/v1/auth/sign-out">';
    const before = shown(html);
    expect(before.leftOut).toBe(4);
    expect(before.frame.querySelector("img")).toBeNull();
    expect(before.frame.body.textContent).toContain("logo");

    const after = shown(html, true);
    expect(after.leftOut).toBe(3);
    expect([...after.frame.querySelectorAll("img")].map(({ src, referrerPolicy }) => [src, referrerPolicy])).toEqual([
      ["https://t.example/p.gif", "no-referrer"],
    ]);
  });

  it("fetches the images that came with it, shows their words where that fails, and gives back what they held", async () => {
    const asked: string[] = [];
    const revoked = vi.fn();
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:here/1", revokeObjectURL: revoked }));
    const { frame, end } = shown(
      '<img src="/api/v1/tickets/t/attachments/f" alt="chart"><img src="/api/v1/tickets/t/attachments/g" alt="gone">',
      false,
      (address) => {
        asked.push(address);
        return address.endsWith("f") ? Promise.resolve(new Blob(["x"])) : Promise.reject(new Error("gone"));
      },
    );
    await vi.waitFor(() => expect(frame.querySelector("img")?.src).toBe("blob:here/1"));
    expect(asked).toEqual(["/api/v1/tickets/t/attachments/f", "/api/v1/tickets/t/attachments/g"]);
    expect(frame.querySelectorAll("img")[1]?.alt).toBe("gone");
    end();
    expect(revoked).toHaveBeenCalledExactlyOnceWith("blob:here/1");
  });
});
