/** Friends, open requests and blocks, and how what happens changes them. Pure. */

import type { BlockedPerson, Friend, PublicProfile } from "../wire/shapes";

export interface Ties {
  readonly friends: readonly Friend[];
  readonly received: readonly Friend[];
  readonly sent: readonly Friend[];
  readonly blocked: readonly BlockedPerson[];
}

export type Relation = PublicProfile["relation"];

export const NONE: Ties = { friends: [], received: [], sent: [], blocked: [] };

export function asked(ties: Ties, friend: Friend, byMe: boolean): Ties {
  const list = byMe ? "sent" : "received";
  return { ...ties, [list]: [friend, ...without(ties[list], friend.id)] };
}

export function befriended(ties: Ties, friend: Friend): Ties {
  const rest = dropped(ties, friend.id);
  return { ...rest, friends: [friend, ...without(rest.friends, friend.id)] };
}

/** A request was declined or taken back. */
export function dropped(ties: Ties, id: number): Ties {
  return { ...ties, received: without(ties.received, id), sent: without(ties.sent, id) };
}

export function parted(ties: Ties, id: number): Ties {
  return { ...ties, friends: without(ties.friends, id) };
}

/** Whatever there was ends with it. */
export function blocked(ties: Ties, person: BlockedPerson): Ties {
  const rest = parted(dropped(ties, person.id), person.id);
  return { ...rest, blocked: [person, ...without(rest.blocked, person.id)] };
}

export function unblocked(ties: Ties, id: number): Ties {
  return { ...ties, blocked: without(ties.blocked, id) };
}

export function relation(ties: Ties, id: number, me: number): Relation {
  if (id === me) return "self";
  if (has(ties.blocked, id)) return "blocked_by_me";
  if (has(ties.friends, id)) return "friend";
  if (has(ties.sent, id)) return "requested_by_me";
  return has(ties.received, id) ? "requested_by_them" : "none";
}

function without<T extends { readonly id: number }>(list: readonly T[], id: number): readonly T[] {
  return list.filter((one) => one.id !== id);
}

function has(list: readonly { readonly id: number }[], id: number): boolean {
  return list.some((one) => one.id === id);
}
