/** Who is writing, and saying that one is. */

import { signal } from "@preact/signals";
import { hear, tell } from "../live/live";
import { calledBy } from "../people/people";
import { onLeaving } from "../session/session";

/** The server passes on one in three seconds. */
const AGAIN_MS = 3_000;

interface Typist {
  readonly username: string;
  readonly timer: ReturnType<typeof setTimeout>;
}

const typists = signal<ReadonlyMap<string, Typist>>(new Map());
let told = { conversation: 0, at: 0 };

/** What those are called who write there now. */
export function typistsIn(conversationId: number): string[] {
  const those = [...typists.value].filter(([key]) => key.startsWith(`${conversationId} `));
  return those.map(([key, { username }]) => calledBy(Number(key.split(" ")[1]), username));
}

/** One types, or has emptied the field. */
export function tellTyping(conversation_id: number, typing: boolean): void {
  const now = Date.now();
  const running = told.conversation === conversation_id && now - told.at < AGAIN_MS;
  if (typing ? running : told.conversation !== conversation_id) return;
  if (!tell({ type: "typing", conversation_id, typing })) return;
  told = typing ? { conversation: conversation_id, at: now } : { conversation: 0, at: 0 };
}

/** A message ends it without a word. */
export function typingEnded(): void {
  told = { conversation: 0, at: 0 };
}

function stop(key: string): void {
  const before = typists.peek().get(key);
  if (!before) return;
  clearTimeout(before.timer);
  const next = new Map(typists.peek());
  next.delete(key);
  typists.value = next;
}

hear("typing", ({ conversation_id, user_id, username, typing, expires_in }) => {
  const key = `${conversation_id} ${user_id}`;
  stop(key);
  if (!typing) return;
  const timer = setTimeout(() => stop(key), expires_in * 1000);
  typists.value = new Map(typists.peek()).set(key, { username, timer });
});
hear("message", ({ conversation_id, sender_id }) => stop(`${conversation_id} ${sender_id}`));
onLeaving(() => {
  for (const key of typists.peek().keys()) stop(key);
});
