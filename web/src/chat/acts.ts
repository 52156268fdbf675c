/** What somebody does in a conversation: each gets its name here, before the first attempt. */

import { myId } from "../session/session";
import type { Errand, Parcel } from "./errand";
import { outbox } from "./rooms";
import { stopUpload } from "./uploading";

function named(): string {
  return crypto.randomUUID();
}

export function send(
  conversation_id: number,
  text: string,
  replyTo?: number,
  parcels: readonly Parcel[] = [],
): Promise<void> {
  const reply_to = replyTo ?? null;
  return outbox.post(
    myId.peek(),
    { type: "send", conversation_id, message: text, client_id: named(), reply_to },
    parcels,
  );
}

export function edit(conversation_id: number, message_id: number, message: string): Promise<void> {
  return outbox.post(myId.peek(), { type: "edit", conversation_id, message_id, message, client_id: named() });
}

export function remove(conversation_id: number, message_id: number): Promise<void> {
  return outbox.post(myId.peek(), { type: "delete", conversation_id, message_id, client_id: named() });
}

export function react(
  conversation_id: number,
  message_id: number,
  emoji: string,
  on: boolean,
): Promise<void> {
  return outbox.post(myId.peek(), {
    type: "react",
    conversation_id,
    message_id,
    emoji,
    on,
    client_id: named(),
  });
}

/** Take back what has not reached the server, with its files. */
export function withdraw({ client_id, parcels }: Pick<Errand, "client_id" | "parcels">): void {
  void outbox.discard(client_id);
  for (const parcel of parcels) stopUpload(parcel.client_id);
}
