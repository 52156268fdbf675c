/** Who is here, of those whom this page shows. The server tells of those whom we watch, and of nobody else. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/i18n";
import { relatively } from "../i18n/times";
import { hear, onReady, tell } from "../live/live";
import { onLeaving } from "../session/session";
import type { Presence } from "../wire/shapes";

/** The server watches no more for one socket. */
const WATCHED = 200;

const present = signal<ReadonlyMap<number, Presence>>(new Map());
/** By id, how many on this page want to know. */
const wanted = new Map<number, number>();
let planned = false;

export function presenceOf(id: number): Presence | undefined {
  return present.value.get(id);
}

/** For the dot beside a face. */
export function stateOf(id: number): "online" | "away" | undefined {
  const state = presenceOf(id)?.state;
  return state === "offline" ? undefined : state;
}

/** Since when somebody is away; nothing for whom we know nothing of. */
export function presenceWords(id: number): string {
  const presence = presenceOf(id);
  if (!presence) return "";
  if (presence.state !== "offline") return t(`presence.${presence.state}`);
  return presence.last_seen ? t("presence.seen", { when: relatively(presence.last_seen) }) : "";
}

/** Watch these people for as long as the component is shown. */
export function useWatch(ids: readonly number[]): void {
  useEffect(() => {
    for (const id of ids) wanted.set(id, (wanted.get(id) ?? 0) + 1);
    plan();
    return () => {
      for (const id of ids) {
        const left = (wanted.get(id) ?? 1) - 1;
        if (left) wanted.set(id, left);
        else wanted.delete(id);
      }
      plan();
    };
  }, [ids.join()]);
}

/** One frame for all that changes at once: a page that goes, and the next one that comes. */
function plan(): void {
  if (planned) return;
  planned = true;
  queueMicrotask(() => {
    planned = false;
    watch();
  });
}

function watch(): void {
  tell({ type: "watch", users: [...wanted.keys()].slice(0, WATCHED) });
}

hear("presence", ({ people }) => {
  present.value = new Map([...present.peek(), ...people.map((one) => [one.user_id, one] as const)]);
});
onReady(() => {
  if (wanted.size) watch();
});
onLeaving(() => {
  present.value = new Map();
});
