import { useSyncExternalStore } from "react";

/** What a person chose; `system` follows the device. */
export type Theme = "light" | "dark" | "system";

/** Read by theme-v1.js too, before the first paint. */
const KEY = "opsrelay.theme";
const listeners = new Set<() => void>();

function read(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system"; // storage may be forbidden
  }
}

export function setTheme(theme: Theme): void {
  if (theme === "system") {
    delete document.documentElement.dataset["theme"];
  } else {
    document.documentElement.dataset["theme"] = theme;
  }
  try {
    if (theme === "system") {
      localStorage.removeItem(KEY);
    } else {
      localStorage.setItem(KEY, theme);
    }
  } catch {
    // it then holds until the page is left
  }
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  device.addEventListener?.("change", listener);
  return () => {
    listeners.delete(listener);
    device.removeEventListener?.("change", listener);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, read);
}

/** Whether the page is dark now: for canvases, which no stylesheet reaches. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => {
    const theme = read();
    return theme === "dark" || (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  });
}
