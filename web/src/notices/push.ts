/** Messages that reach this device while Parlour is closed: the browser's subscription, and the server's part in it. */

import { signal } from "@preact/signals";
import { onLeaving } from "../session/session";
import { ask } from "../wire/http";

/** `refused` is the browser's word, which only its own settings take back. */
export type PushState = "unknown" | "impossible" | "refused" | "off" | "on";

export const push = signal<PushState>("unknown");

/** A key as the server writes it: base64url, without padding. */
export function keyBytes(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

export function sameBytes(one: ArrayBuffer | null | undefined, other: Uint8Array): boolean {
  const bytes = one ? new Uint8Array(one) : undefined;
  return bytes?.length === other.length && bytes.every((byte, index) => byte === other[index]);
}

async function manager(): Promise<PushManager | undefined> {
  const able = "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;
  return able ? (await navigator.serviceWorker.getRegistration())?.pushManager : undefined;
}

/** At every start: the server hears of the subscription again, which changes nothing where nothing has changed. */
export async function checkPush(): Promise<void> {
  const pushes = await manager();
  if (!pushes) push.value = "impossible";
  else if (Notification.permission === "denied") push.value = "refused";
  else {
    const there = await pushes.getSubscription();
    if (there) await subscribe(pushes);
    push.value = there ? "on" : "off";
  }
}

/** Asks the person first, if the browser has not yet. Raises Refusal, Unreachable, and what the browser raises. */
export async function switchPushOn(): Promise<void> {
  const pushes = await manager();
  if (!pushes) {
    push.value = "impossible";
    return;
  }
  const answer = await Notification.requestPermission();
  if (answer === "granted") await subscribe(pushes);
  push.value = answer === "granted" ? "on" : answer === "denied" ? "refused" : "off";
}

export async function switchPushOff(): Promise<void> {
  const subscription = await (await manager())?.getSubscription();
  await subscription?.unsubscribe();
  const { devices } = await ask("get", "/api/notifications/push/subscriptions");
  const here = devices.find((device) => device.current);
  if (here)
    await ask("delete", "/api/notifications/push/subscriptions/{device_id}", {
      path: { device_id: here.id },
    });
  push.value = "off";
}

/** With the server's key; a subscription to a key that it had before is of no use. */
async function subscribe(pushes: PushManager): Promise<void> {
  const { public_key } = await ask("get", "/api/notifications/push/key");
  const key = keyBytes(public_key);
  let subscription = await pushes.getSubscription();
  if (subscription && !sameBytes(subscription.options.applicationServerKey, key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await pushes.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys, expirationTime } = subscription.toJSON();
  await ask("put", "/api/notifications/push/subscriptions", {
    body: {
      endpoint: endpoint ?? "",
      expirationTime: expirationTime ?? null,
      keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" },
    },
  });
}

/** Who comes next on this device shall not be told what was meant for somebody else. */
onLeaving(async (chosen) => {
  push.value = "unknown";
  if (chosen) await (await (await manager())?.getSubscription())?.unsubscribe();
});
