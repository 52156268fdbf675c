/** What is shown: what the server has told, and over it what is still on its way there. Pure. */

import type { Message } from "../wire/shapes";
import { asAttachment, type Errand, type State } from "./errand";
import { reacted, type Timeline } from "./fold";

export interface Shown {
  /** Stays the same from the first echo on. */
  readonly key: string;
  readonly message: Message;
  /** Nothing for what is stored and has nothing on its way. */
  readonly state?: State;
  /** Of what is not stored yet, or of a change that has failed. */
  readonly errand?: Errand;
}

export interface Author {
  readonly id: number;
  readonly username: string;
}

export function overlay(timeline: Timeline, errands: readonly Errand[], me: Author): Shown[] {
  const said = new Set(
    timeline.messages.filter((one) => one.sender_id === me.id).map((one) => one.client_id),
  );
  const changes = new Map<number, Errand[]>();
  const echoes: Shown[] = [];
  for (const errand of errands) {
    if (errand.frame.type === "send") {
      if (!said.has(errand.client_id)) echoes.push(echo(errand, me));
    } else {
      const target = errand.frame.message_id;
      changes.set(target, [...(changes.get(target) ?? []), errand]);
    }
  }
  const stored = timeline.messages.map((message) => {
    const those = changes.get(message.id);
    const key = message.sender_id === me.id ? message.client_id : String(message.id);
    return those ? { key, ...afterwards(message, those, me.id) } : { key, message };
  });
  return timeline.toEnd || !timeline.messages.length ? [...stored, ...echoes] : stored;
}

function echo(errand: Errand, me: Author): Shown {
  const { frame, client_id, parcels, at, state } = errand;
  const said = frame as Extract<typeof frame, { type: "send" }>;
  const message: Message = {
    id: 0,
    sender_id: me.id,
    sender: me.username,
    content: said.message,
    timestamp: new Date(at).toISOString(),
    client_id,
    reply_to: said.reply_to ?? null,
    attachments: parcels.map(asAttachment),
  };
  return state === "stored"
    ? { key: client_id, message, errand }
    : { key: client_id, message, state, errand };
}

function afterwards(message: Message, errands: readonly Errand[], me: number): Omit<Shown, "key"> {
  let next = message;
  let state: State | undefined;
  let failed: Errand | undefined;
  for (const errand of errands) {
    const { frame, state: now } = errand;
    if (now === "failed") failed = errand;
    else if (frame.type === "edit") next = { ...next, content: frame.message };
    else if (frame.type === "delete")
      next = { ...next, content: "", attachments: [], reactions: {}, deleted: true };
    else if (frame.type === "react") {
      const type = frame.on === false ? "unreacted" : "reacted";
      next = {
        ...next,
        reactions: reacted(next.reactions ?? {}, { type, emoji: frame.emoji, actor_id: me }),
      };
    }
    if (frame.type !== "react" && now !== "stored" && now !== "failed") state = now;
  }
  if (failed) return { message: next, state: "failed", errand: failed };
  return state ? { message: next, state } : { message: next };
}
