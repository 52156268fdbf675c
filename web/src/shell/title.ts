/** What the tab is called: how much is unread, where we are, and whose place it is. */

import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Where we are. */
export const page = signal("");
export const badge = signal(0);

export function useTitle(title: string): void {
  useEffect(() => {
    page.value = title;
  }, [title]);
}

effect(() => {
  const count = badge.value ? `(${badge.value}) ` : "";
  document.title = `${count}${page.value ? `${page.value} · ` : ""}Parlour`;
});
