/** Texts that may be longer than their place. */
const CLAMPED = "[class*=line-clamp]";
const MAY_BE_CUT = `.truncate, ${CLAMPED}`;
/** Marks a title that was set here, so that it goes when the text fits again. */
const OURS = "data-cut";

/** Tells a text whole, as its title, where one points at it and its place cuts it off. Titles of the page's own stay. The result ends it. */
export function tellCutTexts(): () => void {
  document.addEventListener("pointerover", look, { passive: true });
  return () => document.removeEventListener("pointerover", look);
}

function look({ target }: Event): void {
  const text = target instanceof Element ? target.closest<HTMLElement>(MAY_BE_CUT) : null;
  if (text === null || text.closest(`[title]:not([${OURS}])`) !== null) {
    return;
  }
  if (isCut(text)) {
    text.title = text.innerText ?? text.textContent ?? "";
    text.setAttribute(OURS, "");
  } else if (text.hasAttribute(OURS)) {
    text.removeAttribute(OURS);
    text.removeAttribute("title");
  }
}

function isCut(text: HTMLElement): boolean {
  return (text.clientWidth > 0 && text.scrollWidth > text.clientWidth) || (text.matches(CLAMPED) && text.scrollHeight > text.clientHeight);
}
