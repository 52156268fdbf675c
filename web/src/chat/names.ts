/** What a conversation is called, and what its newest message looks like in one line. */

import { t } from "../i18n/i18n";
import { calledBy, nameOf, type Person, portrait } from "../people/people";
import type { Conversation, Message } from "../wire/shapes";

/** The other one of a one-to-one chat. */
export function partner(conversation: Conversation, me: number): Person | undefined {
  if (conversation.kind !== "direct") return undefined;
  return conversation.participants.find((one) => one.id !== me) ?? conversation.participants[0];
}

export function titleOf(conversation: Conversation, me: number): string {
  const other = partner(conversation, me);
  if (other) return nameOf(other);
  const others = conversation.participants.filter((one) => one.id !== me);
  return conversation.name ?? (others.map(nameOf).join(", ") || t("chat.alone"));
}

/** Of a group, or of the other one. */
export function pictureOf(conversation: Conversation, me: number): string | undefined {
  if (conversation.kind === "direct") return portrait(partner(conversation, me));
  if (!conversation.picture_id) return undefined;
  return `/api/chat/groups/${conversation.id}/picture?v=${conversation.picture_id}`;
}

export function senderOf(message: Message, me: number): string {
  return message.sender_id === me ? t("chat.you") : calledBy(message.sender_id, message.sender);
}

/** In one line, without who said it. */
export function excerpt(message: Message): string {
  if (message.deleted) return t("message.deleted");
  if (message.kind === "withheld") return t("message.withheld");
  if (message.content) return message.content.replace(/\s+/g, " ");
  if (message.card) return t("card.play");
  const [first] = message.attachments ?? [];
  if (!first) return "";
  return first.media_type.startsWith("image/") ? t("message.image") : first.name;
}
