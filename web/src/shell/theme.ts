/** Light, dark, or as the system has it. `public/theme.js` applies the same before the first paint. */

import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";

const KEPT = "parlour.theme";

export const theme = signal<Theme>(read());

function read(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

declare global {
  /** Of `public/theme.js`, which has run before any of this. */
  var applyTheme: () => void;
}

export function chooseTheme(chosen: Theme): void {
  if (chosen === "system") localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, chosen);
  theme.value = chosen;
  globalThis.applyTheme();
}

/** Another tab has chosen. */
export function followTheme(): void {
  addEventListener("storage", ({ key }) => {
    if (key !== KEPT) return;
    theme.value = read();
    globalThis.applyTheme();
  });
}
