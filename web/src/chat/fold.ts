/** What happens in a conversation, folded over what was read of it: always what a fresh read would give (I9).
 *
 * Pure. The server does the same in `domain/chat/services/ledger.py`; applying an event twice changes nothing.
 */

import type { Frame, Message } from "../wire/shapes";

export type Change = Frame<"edited"> | Frame<"deleted"> | Frame<"reacted"> | Frame<"unreacted">;
export type ConversationEvent = Frame<"message"> | Change | Frame<"withheld">;

/** A stretch of a conversation without holes, oldest first. */
export interface Timeline {
  readonly messages: readonly Message[];
  /** Nothing came before the first of them. */
  readonly fromStart: boolean;
  /** Nothing came after the last of them; so what comes next belongs here. */
  readonly toEnd: boolean;
}

export const EMPTY: Timeline = { messages: [], fromStart: false, toEnd: false };

/** An event's number in the sequence of its conversation. */
export function numberOf(event: ConversationEvent): number {
  return event.type === "message" ? event.message_id : event.seq;
}

export function messageOf(frame: Frame<"message">): Message {
  const { type: _, message_id, message, conversation_id: __, ...rest } = frame;
  return { id: message_id, content: message, ...rest };
}

export function fold(timeline: Timeline, event: ConversationEvent): Timeline {
  switch (event.type) {
    case "withheld":
      return timeline;
    case "message":
      return timeline.toEnd || has(timeline, event.message_id) ? put(timeline, messageOf(event)) : timeline;
    default:
      return change(timeline, event);
  }
}

/** A message as it is after a change to it. */
export function changed(message: Message, event: Change): Message {
  if (message.deleted) return message;
  switch (event.type) {
    case "edited":
      return {
        ...message,
        content: event.message,
        mentions: event.mentions ?? [],
        edited_at: event.timestamp,
      };
    case "deleted":
      return { ...message, content: "", mentions: [], reactions: {}, attachments: [], deleted: true };
    case "reacted":
    case "unreacted":
      return { ...message, reactions: reacted(message.reactions ?? {}, event) };
  }
}

type Reactions = NonNullable<Message["reactions"]>;

/** Who has reacted with what afterwards; emoji in the order in which they first came. */
export function reacted(
  reactions: Reactions,
  { emoji, actor_id, type }: Pick<Frame<"reacted" | "unreacted">, "emoji" | "actor_id"> & { type: string },
): Reactions {
  const before = reactions[emoji] ?? [];
  if (type === "reacted" ? before.includes(actor_id) : !before.includes(actor_id)) return reactions;
  const people = type === "reacted" ? [...before, actor_id] : before.filter((one) => one !== actor_id);
  if (people.length) return { ...reactions, [emoji]: people };
  const { [emoji]: _, ...others } = reactions;
  return others;
}

/** The timeline with a page of messages joined to it: earlier ones, later ones, or the same ones read anew. */
export function join(timeline: Timeline, page: readonly Message[]): Timeline {
  const byId = new Map(timeline.messages.map((one) => [one.id, one]));
  for (const one of page) byId.set(one.id, one);
  return { ...timeline, messages: [...byId.values()].sort((one, other) => one.id - other.id) };
}

export function place(timeline: Timeline, id: number): number {
  let low = 0;
  let high = timeline.messages.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timeline.messages[middle] as Message).id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function find(timeline: Timeline, id: number): Message | undefined {
  const found = timeline.messages[place(timeline, id)];
  return found?.id === id ? found : undefined;
}

function has(timeline: Timeline, id: number): boolean {
  return find(timeline, id) !== undefined;
}

function put(timeline: Timeline, message: Message): Timeline {
  const at = place(timeline, message.id);
  const same = timeline.messages[at]?.id === message.id;
  return { ...timeline, messages: timeline.messages.toSpliced(at, same ? 1 : 0, message) };
}

function change(timeline: Timeline, event: Change): Timeline {
  const message = find(timeline, event.message_id);
  return message ? put(timeline, changed(message, event)) : timeline;
}
