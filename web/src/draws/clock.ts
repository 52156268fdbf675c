/** The server's time, as near as this page can tell: draws close by it, and not by this device's clock. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

let ahead = 0;
let asked = false;
export const now = signal(Date.now());
let watching = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** By the Date of an answer, whose fraction of a second is cut off: on average half of one. */
async function ask(): Promise<void> {
  const before = Date.now();
  const answer = await fetch("/health", { cache: "no-store" });
  const said = Date.parse(answer.headers.get("Date") ?? "");
  const here = (before + Date.now()) / 2;
  if (!Number.isNaN(said) && Math.abs(said + 500 - here) > 1500) ahead = said + 500 - here;
}

function tick(): void {
  now.value = Date.now() + ahead;
}

/** The server's time, anew every second while somebody looks. */
export function useNow(): number {
  useEffect(() => {
    if (!asked) {
      asked = true;
      ask().catch(() => {
        asked = false;
      });
    }
    if (!watching++) timer = setInterval(tick, 1000);
    tick();
    return () => {
      if (!--watching) clearInterval(timer);
    };
  }, []);
  // Not only what the last tick has said: a draw that has come since would have a second too much.
  return Math.max(now.value, Date.now() + ahead);
}

/** It takes no more ballots, whether or not the server has said so yet. */
export function isOver(draw: { readonly state: string; readonly closes_at: string }, at: number): boolean {
  return draw.state !== "open" || Date.parse(draw.closes_at) <= at;
}

export interface Left {
  readonly days: number;
  /** 1:05:09, or 5:09 */
  readonly clock: string;
}

export function left(until: string, at: number): Left {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - at) / 1000));
  const [days, rest] = [Math.floor(seconds / 86_400), seconds % 86_400];
  const [hours, minutes] = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60)];
  const two = (number: number) => String(number).padStart(2, "0");
  const long = days || hours;
  return { days, clock: `${long ? `${hours}:${two(minutes)}` : minutes}:${two(rest % 60)}` };
}
