/** Where we are. Links are plain `<a href>`; this turns those to our own pages into navigation without a reload. */

import { signal } from "@preact/signals";
import { ELSEWHERE } from "./elsewhere";

export const path = signal("/");
export const query = signal(new URLSearchParams());
/** What a mailed link carries behind the #, where no server's log sees it. */
export const secret = signal("");

export type Places = Readonly<Record<string, string>>;

/** `/c/:id/:message?` against `/c/7`: the places by name, or nothing. */
export function match(pattern: string, given: string): Places | undefined {
  const wanted = pattern.split("/").filter(Boolean);
  const parts = given.split("/").filter(Boolean);
  if (parts.length > wanted.length) return undefined;
  const places: Record<string, string> = {};
  for (const [index, name] of wanted.entries()) {
    const part = parts[index];
    if (!name.startsWith(":")) {
      if (part !== name) return undefined;
    } else if (part !== undefined) places[name.replace(/[:?]/g, "")] = decodeURIComponent(part);
    else if (!name.endsWith("?")) return undefined;
  }
  return places;
}

export function navigate(to: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", to);
  read();
}

/** One step back in our own history, or to where that would be when we were opened here. */
export function back(otherwise: string): void {
  if (history.state === null && history.length <= 1) navigate(otherwise, { replace: true });
  else navigate(otherwise);
}

export function followLinks(): void {
  addEventListener("popstate", read);
  addEventListener("hashchange", read);
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || !isOurs(link, event)) return;
    // A place within the page is the browser's to go to, with the focus.
    if (link.hash && link.pathname + link.search === location.pathname + location.search) return;
    event.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
  // What was clicked outside of any page: a notification.
  navigator.serviceWorker?.addEventListener(
    "message",
    ({ data }: MessageEvent<{ type: string; path: string }>) => {
      if (data.type === "go") navigate(data.path);
    },
  );
  read();
}

function isOurs(link: HTMLAnchorElement, event: MouseEvent): boolean {
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const here = link.origin === location.origin && !link.target && !link.hasAttribute("download");
  return plain && here && !event.defaultPrevented && !ELSEWHERE.test(link.pathname);
}

/** Mails say `/#/reset-password/TOKEN`; the page is `/reset-password#TOKEN`. */
export function unmailed(hash: string): string | undefined {
  const [, page, token] = /^#\/([\w-]+)(?:\/(.+))?$/.exec(hash) ?? [];
  return page && `/${page}${token ? `#${token}` : ""}`;
}

function read(): void {
  const mailed = unmailed(location.hash);
  if (mailed) history.replaceState(null, "", mailed);
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
  secret.value = location.hash.slice(1);
}
