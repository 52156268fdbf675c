/** Who is logged in, in this tab and the others. */

import { computed, signal } from "@preact/signals";
import { ask, Refusal, renewWith, Unreachable } from "../wire/http";
import type { Profile } from "../wire/shapes";
import { type Gossip, Renewal, type Renewed } from "./renewal";

/** Enough of oneself to show what is kept on this device while no server answers. No secret is among it. */
type Remembered = Pick<Profile, "id" | "username" | "first_name" | "last_name">;

export type Standing = "unknown" | "out" | "in";

const KEPT = "parlour.me";
/** So long the first page waits for the server. */
const PATIENCE_MS = 800;
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("parlour.session");
const renewal = new Renewal((gossip) => channel?.postMessage(gossip));

export const standing = signal<Standing>("unknown");
/** The whole profile; null while only what was remembered is known. */
export const profile = signal<Profile | null>(null);
const remembered = signal<Remembered | null>(null);
export const me = computed(() => profile.value ?? remembered.value);
export const myId = computed(() => me.value?.id ?? 0);

/** `chosen` says that they have logged out; or their session has ended, and they may well come back. */
type Drop = (chosen: boolean) => void | Promise<void>;
const leaving = new Set<Drop>();
const renewed = new Set<(renewed: Renewed) => void>();

/** Something to drop when its owner leaves: what is on screen, what is on this device. */
export function onLeaving(drop: Drop): void {
  leaving.add(drop);
}

/** A new access token is there, from this tab or another. */
export function onRenewed(use: (renewed: Renewed) => void): void {
  renewed.add(use);
}

/** Find out who is here, by the cookies that came along. */
export async function begin(): Promise<void> {
  renewWith(async () => (await renew()) !== null);
  channel?.addEventListener("message", ({ data }: MessageEvent<Gossip>) => void hear(data));
  if (!localStorage.getItem(KEPT)) {
    standing.value = "out"; // Nobody has logged in here, or they have left.
    return;
  }
  const arrived = arrive().catch(async (error) => {
    if (error instanceof Unreachable || (error instanceof Refusal && error.status >= 429)) recall();
    else await depart();
  });
  await Promise.race([arrived, new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  // It is slow: meanwhile there is what this device remembers.
  if (standing.peek() === "unknown") recall();
}

/** Null when the session has ended, and then nobody is logged in any more. */
export async function renew(): Promise<Renewed | null> {
  const got = await renewal.renew();
  if (got) for (const use of renewed) use(got);
  else await depart();
  return got;
}

/** Read the profile again: after a login, a change of it, or a time offline. */
export async function arrive(): Promise<void> {
  const found = await ask("get", "/api/users/profile");
  if (remembered.peek() && remembered.peek()?.id !== found.id) await depart();
  profile.value = found;
  const { id, username, first_name, last_name } = found;
  remembered.value = { id, username, first_name, last_name };
  localStorage.setItem(KEPT, JSON.stringify(remembered.value));
  standing.value = "in";
}

export async function logIn(name: string, password: string): Promise<void> {
  await ask("post", "/api/users/login", { body: { username: name, password } });
  await arrive();
  channel?.postMessage({ type: "in" } satisfies Gossip);
}

/** Log out on this device, in all tabs. Raises Unreachable: cookies cannot be taken back without the server. */
export async function logOut(): Promise<void> {
  try {
    await ask("post", "/api/users/logout", { body: {} });
  } catch (error) {
    if (!(error instanceof Refusal && error.status === 401)) throw error;
  }
  await depart(true);
  channel?.postMessage({ type: "out" } satisfies Gossip);
}

/** The session is over: nothing of its owner stays in this tab. */
export async function depart(chosen = false): Promise<void> {
  renewal.forget();
  profile.value = null;
  remembered.value = null;
  localStorage.removeItem(KEPT);
  await Promise.all([...leaving].map((drop) => drop(chosen)));
  standing.value = "out";
}

async function hear(gossip: Gossip): Promise<void> {
  if (gossip.type === "renewed") {
    renewal.learn(gossip.renewed);
    for (const use of renewed) use(gossip.renewed);
  } else if (gossip.type === "out") await depart(true);
  else await arrive();
}

function recall(): void {
  const kept = localStorage.getItem(KEPT);
  remembered.value = kept ? (JSON.parse(kept) as Remembered) : null;
  standing.value = kept ? "in" : "out";
}
