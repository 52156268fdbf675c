/** Everybody whom this page has heard of, by id: so that a name looks the same wherever it stands. */

import { signal } from "@preact/signals";
import { onLeaving } from "../session/session";
import { ask } from "../wire/http";

export interface Person {
  readonly id: number;
  readonly username: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly is_bot?: boolean;
  /** Of their picture, if they have one that we may see. */
  readonly avatar_id?: string | null;
}

const people = signal<ReadonlyMap<number, Person>>(new Map());

export function meet(some: readonly Person[]): void {
  const known = people.peek();
  const news = some.filter((one) => {
    const before = known.get(one.id);
    return (
      !before ||
      nameOf(before) !== nameOf(one) ||
      before.username !== one.username ||
      before.avatar_id !== one.avatar_id
    );
  });
  if (news.length) people.value = new Map([...known, ...news.map((one) => [one.id, one] as const)]);
}

export function person(id: number): Person | undefined {
  return people.value.get(id);
}

/** What somebody is called: their names, or else their username. */
export function nameOf(one: Pick<Person, "username" | "first_name" | "last_name">): string {
  return `${one.first_name} ${one.last_name}`.trim() || one.username;
}

/** By id, with a username for those of whom nothing else is known. */
export function calledBy(id: number, username: string): string {
  const known = person(id);
  return known ? nameOf(known) : username;
}

const sought = new Set<number>();

/** Of whom there is nothing but an id, as of those who have left a group: asked for once, and a number until then. */
export function calledById(id: number): string {
  if (!person(id) && !sought.has(id)) {
    sought.add(id);
    void ask("get", "/api/users/{user_id}", { path: { user_id: id } }).then(
      (one) => meet([one]),
      () => {},
    );
  }
  return calledBy(id, `#${id}`);
}

/** Where somebody's picture is, if they have one. Another picture has another address. */
export function portrait(one: Pick<Person, "id" | "avatar_id"> | undefined): string | undefined {
  return one?.avatar_id ? `/api/users/${one.id}/avatar?v=${one.avatar_id}` : undefined;
}

onLeaving(() => {
  sought.clear();
  people.value = new Map();
});
