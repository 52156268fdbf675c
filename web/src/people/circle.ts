/** The friends, requests and blocks of who is logged in, followed over the socket. */

import { computed, signal } from "@preact/signals";
import { hear, onReady } from "../live/live";
import { onLeaving } from "../session/session";
import { ask } from "../wire/http";
import { everyPage } from "../wire/pages";
import { meet } from "./people";
import { asked, befriended, blocked, dropped, NONE, parted, type Ties, unblocked } from "./ties";

export const ties = signal<Ties>(NONE);
/** Whether they have been read. Null while that fails. */
export const known = signal<boolean | null>(false);
/** Requests that wait for an answer of ours. */
export const waiting = computed(() => ties.value.received.length);

let reading: Promise<void> | undefined;

/** Once at a time. */
export function readTies(): Promise<void> {
  reading ??= read()
    .catch(() => {
      if (!known.peek()) known.value = null;
    })
    .finally(() => {
      reading = undefined;
    });
  return reading;
}

async function read(): Promise<void> {
  const [friends, received, sent, blocked] = await Promise.all([
    everyPage((query) => ask("get", "/api/friends", { query })),
    everyPage((query) => ask("get", "/api/friends/requests/received", { query })),
    everyPage((query) => ask("get", "/api/friends/requests/sent", { query })),
    everyPage((query) => ask("get", "/api/blocks", { query })),
  ]);
  meet([...friends, ...received, ...sent]);
  ties.value = { friends, received, sent, blocked };
  known.value = true;
}

function become(change: (ties: Ties) => Ties): void {
  ties.value = change(ties.peek());
}

/** Each of these takes effect here at once; the other devices hear of it. They raise Refusal and Unreachable. */
export async function befriend(username: string): Promise<void> {
  const friend = await ask("post", "/api/friends/requests", { body: { username } });
  // Who had asked before is a friend now: the socket says which of the two it was.
  if (!ties.peek().received.some((one) => one.id === friend.id)) become((now) => asked(now, friend, true));
}

export async function accept(id: number): Promise<void> {
  const friend = await ask("post", "/api/friends/requests/{user_id}/accept", { path: { user_id: id } });
  become((now) => befriended(now, friend));
}

export async function dropRequest(id: number): Promise<void> {
  await ask("delete", "/api/friends/requests/{user_id}", { path: { user_id: id } });
  become((now) => dropped(now, id));
}

export async function part(id: number): Promise<void> {
  await ask("delete", "/api/friends/{user_id}", { path: { user_id: id } });
  become((now) => parted(now, id));
}

export async function block(id: number): Promise<void> {
  const person = await ask("put", "/api/blocks/{user_id}", { path: { user_id: id } });
  become((now) => blocked(now, person));
}

export async function unblock(id: number): Promise<void> {
  await ask("delete", "/api/blocks/{user_id}", { path: { user_id: id } });
  become((now) => unblocked(now, id));
}

export function followTies(): void {
  onReady(() => void readTies());
  hear("friend_request", ({ friend, by_me }) => {
    meet([friend]);
    become((now) => asked(now, friend, by_me));
  });
  hear("friend_accepted", ({ friend }) => {
    meet([friend]);
    become((now) => befriended(now, friend));
  });
  hear("friend_request_dropped", ({ friend }) => become((now) => dropped(now, friend.id)));
  hear("friend_removed", ({ friend }) => become((now) => parted(now, friend.id)));
  hear("blocked", ({ person }) => become((now) => blocked(now, person)));
  hear("unblocked", ({ user_id }) => become((now) => unblocked(now, user_id)));
  onLeaving(() => {
    ties.value = NONE;
    known.value = false;
  });
}
