/** What has been typed and not sent, by conversation, on this device. */

import { myId, onLeaving } from "../session/session";

const PREFIX = "parlour.draft.";

function key(conversationId: number): string {
  return `${PREFIX}${myId.peek()}.${conversationId}`;
}

export function draftOf(conversationId: number): string {
  return localStorage.getItem(key(conversationId)) ?? "";
}

export function keepDraft(conversationId: number, text: string): void {
  if (text.trim()) localStorage.setItem(key(conversationId), text);
  else localStorage.removeItem(key(conversationId));
}

onLeaving((chosen) => {
  if (!chosen) return;
  for (const one of Object.keys(localStorage)) if (one.startsWith(PREFIX)) localStorage.removeItem(one);
});
