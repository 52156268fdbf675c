/** The socket of this page, and who listens to which of its frames. */

import { onLeaving, onRenewed, renew, standing } from "../session/session";
import type { Frame, Heard, Told } from "../wire/shapes";
import { LiveSocket } from "./socket";

/** Before the access token ends, and with it the socket. */
const AHEAD_MS = 60_000;
const SOONEST_MS = 30_000;

type Listener = (frame: Heard) => void;
const listeners = new Map<Heard["type"], Set<Listener>>();
const overloaded = new Set<() => void>();
const readied = new Set<(again: boolean) => void>();
let renewal: ReturnType<typeof setTimeout> | undefined;

const socket = new LiveSocket({
  ready: (_, again) => {
    for (const act of readied) act(again);
  },
  heard: (frame) => {
    if (frame.type === "ready") plan(frame);
    for (const listener of listeners.get(frame.type) ?? []) listener(frame);
  },
  tooLarge: () => {
    for (const act of overloaded) act();
  },
  renew: async () => (await renew()) !== null,
});

export const link = socket.link;

/** False when it cannot leave now. */
export function tell(frame: Told): boolean {
  return socket.tell(frame);
}

export function hear<T extends Heard["type"]>(type: T, listener: (frame: Frame<T>) => void): () => void {
  const those = listeners.get(type) ?? new Set();
  listeners.set(type, those.add(listener as Listener));
  return () => those.delete(listener as Listener);
}

/** The socket is open: time to ask for what was missed. `again` says that it was open before. */
export function onReady(act: (again: boolean) => void): void {
  readied.add(act);
}

/** The largest frame that was under way is more than the server takes. */
export function onTooLarge(act: () => void): void {
  overloaded.add(act);
}

/** Keep a socket open for as long as somebody is logged in. */
export function keepLive(): void {
  standing.subscribe((now) => (now === "in" ? socket.open() : socket.close()));
  const nudge = () => socket.nudge();
  addEventListener("online", nudge);
  addEventListener("offline", nudge);
  addEventListener("pageshow", nudge);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && nudge());
}

function plan({ expires_at }: Frame<"ready">): void {
  clearTimeout(renewal);
  if (!expires_at) return;
  const left = Date.parse(expires_at) - Date.now() - AHEAD_MS * (1 + Math.random() / 2);
  renewal = setTimeout(() => void renew().catch(() => {}), Math.max(SOONEST_MS, left));
}

onRenewed(({ access }) => tell({ type: "authenticate", token: access }));
onLeaving(() => {
  clearTimeout(renewal);
  socket.close();
});
