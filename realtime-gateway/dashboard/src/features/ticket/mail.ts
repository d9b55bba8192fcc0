/** What of the world outside a mail's frame gets. */
export interface MailSurroundings {
  /** Fetches an image that came with the mail. */
  readonly imageOf: (address: string) => Promise<Blob>;
  /** Whether images on other servers are loaded, which tells those servers who reads the mail, and when. */
  readonly remote: boolean;
  /** Something has got its size. */
  readonly onGrown: () => void;
}

export interface MailShown {
  /** Images on other servers that are not loaded. */
  readonly leftOut: number;
  /** Gives back what its images hold. */
  readonly end: () => void;
}

/**
 * Puts a mail's HTML into the document of a sandboxed frame. The service has made it harmless already; here whatever is
 * no text, table or image is left out once more, and links lead nowhere.
 */
export function showMail(html: string, frame: Document, { imageOf, remote, onGrown }: MailSurroundings): MailShown {
  const parsed = new DOMParser().parseFromString(trusted(calmed(html)), "text/html");
  const urls: string[] = [];
  let isOver = false;
  let leftOut = 0;

  const show = (image: Element, into: Element): void => {
    const made = frame.createElement("img");
    made.alt = image.getAttribute("alt") ?? "";
    for (const name of ["width", "height"]) {
      const value = image.getAttribute(name);
      if (value !== null) {
        made.setAttribute(name, value);
      }
    }
    made.style.maxWidth = "100%";
    made.referrerPolicy = "no-referrer";
    made.addEventListener("load", onGrown);
    const address = image.getAttribute("data-remote-src") ?? image.getAttribute("src") ?? "";
    if (DATA.test(address)) {
      made.src = address;
    } else if (OWN.test(address)) {
      imageOf(address).then(
        (blob) => {
          if (!isOver) {
            const url = URL.createObjectURL(blob);
            urls.push(url);
            made.src = url;
          }
        },
        () => undefined, // its words stand in its place
      );
    } else if (remote && address.startsWith("https://")) {
      made.src = address;
    } else {
      leftOut++;
      into.append(placeholder(frame, image));
      return;
    }
    into.append(made);
  };
  const copy = (from: Element, into: Element): void => {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        into.append(frame.createTextNode(node.textContent ?? ""));
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        const element = node as Element;
        const name = element.localName;
        if (name === "img") {
          show(element, into);
        } else if (KEPT.has(name)) {
          const made = frame.createElement(name);
          dress(element, made);
          into.append(made);
          copy(element, made);
        } else if (!DROPPED.has(name)) {
          copy(element, into);
        }
      }
    }
  };
  const { body } = frame;
  body.replaceChildren();
  Object.assign(body.style, { margin: "12px", font: "14px/1.5 system-ui, sans-serif", color: "#171a1f", overflowWrap: "anywhere" });
  copy(parsed.body, body);
  return {
    leftOut,
    end: () => {
      isOver = true;
      urls.forEach((url) => URL.revokeObjectURL(url));
    },
  };
}

const DATA = /^data:image\/(?:png|jpe?g|gif|webp);base64,/;
/** A file of a ticket, and nothing else that the API has. */
const OWN = /^\/api\/v1\/tickets\/[\w-]+\/attachments\/[\w-]+$/;
const KEPT: ReadonlySet<string> = new Set(
  (
    "a abbr address b bdi big blockquote br caption center cite code col colgroup dd del dfn div dl dt em figcaption figure " +
    "font h1 h2 h3 h4 h5 h6 hr i ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th " +
    "thead tr tt u ul"
  ).split(" "),
);
/** With what is in them; of all others only they themselves are left out. */
const DROPPED: ReadonlySet<string> = new Set(["script", "style", "template", "noscript", "svg", "math", "iframe", "object", "embed", "title"]);
const ATTRIBUTES = ["align", "bgcolor", "border", "cellpadding", "cellspacing", "color", "colspan", "dir", "height", "lang", "rowspan", "size", "valign", "width"];

function dress(from: Element, made: HTMLElement): void {
  for (const name of ATTRIBUTES) {
    const value = from.getAttribute(name);
    if (value !== null) {
      made.setAttribute(name, value);
    }
  }
  const style = from.getAttribute("data-style");
  if (style !== null && !/url|expression|image|position/i.test(style)) {
    made.style.cssText = style;
  }
  if (from.localName === "a") {
    made.style.textDecoration = "underline";
    made.title = from.getAttribute("href") ?? ""; // to be read; it leads nowhere
  }
}

/** Styles under another name: parsing them under their own would break the page's policy, and be reported as that. */
function calmed(html: string): string {
  return html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[^<>]*>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
}

function placeholder(frame: Document, image: Element): HTMLElement {
  const box = frame.createElement("span");
  box.textContent = image.getAttribute("alt") || "image";
  box.title = "An image on another server, not loaded";
  Object.assign(box.style, { display: "inline-block", padding: "2px 8px", border: "1px dashed #868f9c", color: "#59626f", fontSize: "12px" });
  return box;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML: (html: string) => string }): { createHTML: (html: string) => string };
}

/**
 * The page's policy lets no plain text be parsed as HTML. What this lets through is parsed into a document that is never
 * shown, and is reached from nowhere else.
 */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy("opsrelay-mail", {
  createHTML: (html) => html,
});

function trusted(html: string): string {
  return policy === undefined ? html : policy.createHTML(html);
}
