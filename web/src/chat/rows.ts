/** How messages stand in a column: by days, and by who speaks. Pure. */

import type { Shown } from "./overlay";

/** What the same person says within this time hangs together. */
const TOGETHER_MS = 5 * 60_000;

export interface Row {
  readonly shown: Shown;
  /** A day begins here: the time of its first message. */
  readonly day?: string;
  /** The first that was unread when the conversation was opened. */
  readonly fresh?: boolean;
  /** Somebody begins to speak, and ends. */
  readonly first: boolean;
  readonly last: boolean;
}

/** `freshAfter` is how far had been read; Infinity for no mark. */
export function rowsOf(shown: readonly Shown[], me: number, freshAfter: number): Row[] {
  let marked = false;
  return shown.map((one, index) => {
    const before = shown[index - 1];
    const after = shown[index + 1];
    const day = !before || !sameDay(before, one) ? one.message.timestamp : undefined;
    const { id, sender_id, kind } = one.message;
    const fresh = !marked && id > freshAfter && sender_id !== me && !kind;
    marked ||= fresh;
    return {
      shown: one,
      ...(day ? { day } : {}),
      ...(fresh ? { fresh } : {}),
      first: !before || !together(before, one) || fresh,
      last: !after || !together(one, after),
    };
  });
}

function together(one: Shown, next: Shown): boolean {
  const { message: a } = one;
  const { message: b } = next;
  const near = Date.parse(b.timestamp) - Date.parse(a.timestamp) < TOGETHER_MS;
  return a.sender_id === b.sender_id && !a.kind && !b.kind && near && sameDay(one, next);
}

function sameDay(one: Shown, other: Shown): boolean {
  return new Date(one.message.timestamp).toDateString() === new Date(other.message.timestamp).toDateString();
}
