/** A conversation as the list shows it, and how what happens changes that. Pure. */

import type { Conversation } from "../wire/shapes";
import { type ConversationEvent, changed, messageOf, numberOf } from "./fold";

/** The server counts no further. */
const COUNTED = 100;

/** Undefined when only the server can tell what it looks like now: it is then read again. */
export function summarised(
  conversation: Conversation,
  event: ConversationEvent,
  me: number,
): Conversation | undefined {
  const now = { ...conversation, last_message_id: numberOf(event) };
  const { unread } = conversation;
  if (event.type === "withheld") return undefined;
  if (event.type === "message") {
    if (event.kind) return undefined;
    const counts = event.sender_id !== me && !event.deleted && event.message_id > unread.position;
    const named = counts && (event.mentions ?? []).includes(me);
    return {
      ...now,
      messages: [messageOf(event)],
      unread: {
        ...unread,
        messages: Math.min(COUNTED, unread.messages + Number(counts)),
        mentions: Math.min(COUNTED, unread.mentions + Number(named)),
      },
    };
  }
  const isUnread = event.message_id > unread.position && event.actor_id !== me;
  if (isUnread && (event.type === "deleted" || event.type === "edited")) return undefined;
  return {
    ...now,
    messages: (now.messages ?? []).map((one) => (one.id === event.message_id ? changed(one, event) : one)),
  };
}

/** Milliseconds since 1970 of what puts it where it is in the list: its newest message, or its beginning. */
export function activity(conversation: Conversation): number {
  return Date.parse(conversation.messages?.[0]?.timestamp ?? conversation.created_at);
}
