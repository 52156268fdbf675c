/** The notifications of who is logged in: as far as they were read, and followed over the socket. */

import { signal } from "@preact/signals";
import { hear, onReady } from "../live/live";
import { onLeaving } from "../session/session";
import { ask } from "../wire/http";
import type { Notification } from "../wire/shapes";
import { added, extended, marked } from "./list";

export const notices = signal<readonly Notification[]>([]);
export const unread = signal(0);
/** Where the next page begins; null after the last one, undefined before the first. */
export const further = signal<number | null | undefined>(undefined);

/** The newest ones. Raises Refusal and Unreachable. */
export async function readNotices(): Promise<void> {
  const page = await ask("get", "/api/notifications", { query: { limit: 30 } });
  notices.value = page.notifications;
  further.value = page.before;
  unread.value = page.unread;
}

export async function readFurther(): Promise<void> {
  const before = further.peek();
  if (!before) return;
  const page = await ask("get", "/api/notifications", { query: { limit: 30, before } });
  notices.value = extended(notices.peek(), page.notifications);
  further.value = page.before;
}

export async function markAllRead(): Promise<void> {
  const newest = notices.peek()[0];
  if (!newest) return;
  await ask("post", "/api/notifications/read", { body: { up_to_id: newest.id } });
}

export async function markRead(id: number): Promise<void> {
  await ask("post", "/api/notifications/read", { body: { ids: [id] } });
}

/** It is gone from the list first: nobody waits for that. */
export async function remove(id: number): Promise<void> {
  notices.value = notices.peek().filter((one) => one.id !== id);
  await ask("delete", "/api/notifications/{notification_id}", { path: { notification_id: id } });
}

async function count(): Promise<void> {
  if (further.peek() !== undefined) await readNotices();
  else unread.value = (await ask("get", "/api/notifications/unread-count")).unread;
}

export function followNotices(): void {
  onReady(() => void count().catch(() => {}));
  hear("notification", ({ type: _, ...notice }) => {
    notices.value = added(notices.peek(), notice);
    unread.value += 1;
  });
  hear("notifications_read", (frame) => {
    notices.value = marked(notices.peek(), frame, new Date().toISOString());
    unread.value = frame.unread;
  });
  onLeaving(() => {
    notices.value = [];
    unread.value = 0;
    further.value = undefined;
  });
}
