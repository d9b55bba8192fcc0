/** Whether the panels stand side by side: the `lg` breakpoint of the styles. */
export function isWide(): boolean {
  return window.matchMedia("(min-width: 64rem)").matches;
}
