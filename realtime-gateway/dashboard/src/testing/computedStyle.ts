/**
 * jsdom tells what an element comes to by matching it against each rule of the browser's style sheet, and forgets that with
 * every change of the page. Everything that looks for roles and names asks that of each element and all around it, which
 * was most of the time of the tests. Here the answer is kept by the kind of element: the tests load no style sheet, so
 * only inline styles differ within a kind.
 */
export function keepComputedStyles(page: Document): void {
  const view = page.defaultView;
  if (view === null) {
    return;
  }
  const computed = view.getComputedStyle.bind(view);
  const kept = new Map<string, CSSStyleDeclaration>();
  const usual = (element: Element): CSSStyleDeclaration => {
    const kind = [element.namespaceURI, element.localName, ...TELLING.map((name) => `${name} ${element.getAttribute(name)}`)].join("\n");
    let style = kept.get(kind);
    if (style === undefined) {
      style = computed(likeness(element));
      kept.set(kind, style);
    }
    return style;
  };
  const tell = (element: Element, pseudo?: string | null): CSSStyleDeclaration => {
    // A sheet, another document or a part of an element: jsdom knows.
    if (page.styleSheets.length > 0 || element.ownerDocument !== page || (pseudo !== undefined && pseudo !== null && pseudo !== "")) {
      return computed(element, pseudo);
    }
    const inline = inlineOf(element);
    return inline.size === 0 ? usual(element) : over(usual(element), inline);
  };
  view.getComputedStyle = tell;
  window.getComputedStyle = tell;
}

/** The attributes that the browser's sheet asks for where it is about what can be seen. */
const TELLING = ["hidden", "open", "popover", "type"];
/** What an element takes from those around it, as far as tests ask. */
const INHERITED = ["visibility", "pointer-events"];

function likeness(element: Element): Element {
  const like = element.ownerDocument.createElementNS(element.namespaceURI, element.localName);
  for (const name of TELLING) {
    const value = element.getAttribute(name);
    if (value !== null) {
      like.setAttribute(name, value);
    }
  }
  return like;
}

/** What stands in the style attributes of the element, and of those around it if that is inherited. */
function inlineOf(element: Element): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let each: Element | null = element; each !== null; each = each.parentElement) {
    if (!each.hasAttribute("style")) {
      continue;
    }
    const { style } = each as HTMLElement;
    for (const name of each === element ? style : INHERITED) {
      const value = style.getPropertyValue(name);
      if (value !== "" && value !== "inherit" && !found.has(name)) {
        found.set(name, value);
      }
    }
  }
  return found;
}

/** A style with some of its properties replaced. */
function over(style: CSSStyleDeclaration, inline: ReadonlyMap<string, string>): CSSStyleDeclaration {
  return new Proxy(style, {
    get: (_, name) => {
      if (name === "getPropertyValue") {
        return (wanted: string) => inline.get(wanted) ?? style.getPropertyValue(wanted);
      }
      const replaced = typeof name === "string" ? inline.get(name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)) : undefined;
      const value: unknown = replaced ?? Reflect.get(style, name, style);
      return typeof value === "function" ? value.bind(style) : value;
    },
  });
}
