/** The list of notifications, and how what happens changes it. Pure. */

import type { Frame, Notification } from "../wire/shapes";

export function added(list: readonly Notification[], one: Notification): readonly Notification[] {
  return list.some((known) => known.id === one.id) ? list : [one, ...list];
}

/** A page of older ones, of which some may be there already. */
export function extended(
  list: readonly Notification[],
  older: readonly Notification[],
): readonly Notification[] {
  const known = new Set(list.map((one) => one.id));
  return [...list, ...older.filter((one) => !known.has(one.id))];
}

export function marked(
  list: readonly Notification[],
  { up_to_id, ids }: Pick<Frame<"notifications_read">, "up_to_id" | "ids">,
  now: string,
): readonly Notification[] {
  const those = new Set(ids);
  return list.map((one) =>
    !one.read_at && (those.has(one.id) || one.id <= (up_to_id ?? 0)) ? { ...one, read_at: now } : one,
  );
}

/** Where it leads, if anywhere. */
export function destination({ kind, conversation_id, body }: Notification): string | undefined {
  if (conversation_id) return `/c/${conversation_id}${body.message_id ? `/${body.message_id}` : ""}`;
  if (kind === "friend_request") return "/people/requests";
  if (kind === "draw_won" && body.lottery && body.period)
    return `/draws/${body.lottery}/${encodeURIComponent(body.period)}`;
  if (kind === "achievement") return "/play/mine";
  if (kind === "friend_accepted" && body.user_id) return `/people/${body.user_id}`;
  return undefined;
}
