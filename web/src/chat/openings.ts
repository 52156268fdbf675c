/** How conversations begin. Each answers its id, and the list knows it by then. */

import { ask } from "../wire/http";
import { admit, enter } from "./rooms";

/** With one other person: the one that there is, or a new one. */
export async function openDirect(userId: number): Promise<number> {
  return admit(await ask("post", "/api/chat/conversations", { body: { participants: [userId] } })).id;
}

interface Plan {
  readonly name: string;
  readonly topic: string | null;
  readonly joinable: boolean;
  readonly participants: number[];
}

export async function openGroup(plan: Plan): Promise<number> {
  return admit(await ask("post", "/api/chat/groups", { body: plan })).id;
}

export async function joinGroup(conversation_id: number): Promise<number> {
  await ask("post", "/api/chat/groups/{conversation_id}/join", { path: { conversation_id } });
  return (await enter(conversation_id)).id;
}

export async function acceptInvite(token: string): Promise<number> {
  const { conversation_id } = await ask("post", "/api/chat/invites/{token}/accept", { path: { token } });
  return (await enter(conversation_id)).id;
}
