/** How far others have read the conversations that were opened here. */

import { signal } from "@preact/signals";
import { hear } from "../live/live";
import { onLeaving } from "../session/session";
import { ask } from "../wire/http";

type Positions = ReadonlyMap<number, number>;
const read = signal<ReadonlyMap<number, Positions>>(new Map());

const NOBODY: Positions = new Map();

/** Positions by the ids of those who have read. */
export function readersOf(conversationId: number): Positions {
  return read.value.get(conversationId) ?? NOBODY;
}

/** Who has seen a message. */
export function seenBy(conversationId: number, messageId: number): number[] {
  return [...readersOf(conversationId)].filter(([, position]) => position >= messageId).map(([id]) => id);
}

/** What was not heard live; who keeps their receipts is told none. */
export async function readReceipts(conversation_id: number): Promise<void> {
  const { receipts } = await ask("get", "/api/chat/conversations/{conversation_id}/receipts", {
    path: { conversation_id },
  });
  for (const one of receipts) note(one);
}

function note(receipt: { conversation_id: number; user_id: number; position: number }): void {
  const { conversation_id, user_id, position } = receipt;
  const before = read.peek().get(conversation_id) ?? NOBODY;
  if ((before.get(user_id) ?? -1) >= position) return;
  read.value = new Map(read.peek()).set(conversation_id, new Map(before).set(user_id, position));
}

hear("receipt", note);
onLeaving(() => {
  read.value = new Map();
});
